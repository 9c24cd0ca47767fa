// Makes a Full PKI Request around a PKCS #10 and signs it with a certified key: files in, DER on standard output.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/random.hpp>

using namespace cmcctl;

namespace {

Result<std::vector<std::uint8_t>> full_request(Octets pkcs10, const std::string& key, const std::string& certificate) {
  PkiDataBuilder data;
  CMC_CHECK(data.request(pkcs10));
  CMC_CHECK(data.sender_nonce(random_octets(16)));
  CMC_CHECK(data.reg_info(Octets(std::string_view("department 7"))));
  CMC_TRY(const auto pki_data, data.der());

  CMC_TRY(const Credentials agent, load_credentials(key, certificate, nullptr));
  const Signer signer{agent.key.get(), usual_scheme(agent.key->public_key()), agent.certificates.front()};
  SignedDataOptions how;
  how.certificates = agent.certificates;
  return sign_full(FullContent::pki_data, pki_data, {&signer, 1}, how);
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream file(argc == 4 ? argv[1] : "", std::ios::binary);
  if (!file) {
    std::cerr << "usage: full_request PKCS10.der KEY.pem CERTIFICATE.pem > REQUEST.der\n";
    return 2;
  }
  const std::vector<std::uint8_t> pkcs10{std::istreambuf_iterator<char>(file), {}};
  const auto request = full_request(pkcs10, argv[2], argv[3]);
  if (!request) {
    std::cerr << to_string(request.error()) << '\n';
    return 3;
  }
  std::cout.write(reinterpret_cast<const char*>(request->data()), static_cast<std::streamsize>(request->size()));
}
