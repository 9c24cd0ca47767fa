#include "pkcs12.hpp"

#include <cmcctl/codec/pkcs12.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "password_decryption.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view key_bag = "1.2.840.113549.1.12.10.1.1";
constexpr std::string_view shrouded_key_bag = "1.2.840.113549.1.12.10.1.2";
constexpr std::string_view cert_bag = "1.2.840.113549.1.12.10.1.3";
constexpr std::string_view crl_bag = "1.2.840.113549.1.12.10.1.4";
constexpr std::string_view x509_certificate = "1.2.840.113549.1.9.22.1";
constexpr std::string_view x509_crl = "1.2.840.113549.1.9.23.1";
constexpr std::string_view encrypted_data = "1.2.840.113549.1.7.6";

Error bad(std::string detail) { return {Errc::bad_key, 0, {}, {}, "PKCS #12: " + std::move(detail)}; }

// The contents of an OCTET STRING that a decoder has scanned.
std::optional<Octets> octet_string(const Any& element) {
  if (element.der[0] != tlv::octet_string) return std::nullopt;
  return tlv::first(element.der).content;
}

class Pkcs12Reader {
 public:
  Pkcs12Reader(SecretOctets password, const Limits& limits)
      : decoder_(limits), limits_(limits), password_(file_password(std::move(password))), budget_(limits) {}

  Result<Pkcs12> read(Octets bytes) {
    CMC_TRY(const PFX pfx, decoder_.decode<PFX>(bytes));
    if (to_string(pfx.auth_safe.content_type) != oids::data || !pfx.auth_safe.content) {
      return bad("it is signed with a key instead of a password");
    }
    const auto safes = octet_string(*pfx.auth_safe.content);
    if (!safes) return bad("its content is no OCTET STRING");
    if (pfx.mac_data) {
      CMC_CHECK(check_mac_data(*pfx.mac_data, *safes));
    }
    CMC_TRY(const auto safe, decoder_.decode<AuthenticatedSafe>(*safes));
    for (const ContentInfo& content : safe.contents) {
      CMC_CHECK(read_content(content));
    }
    return std::move(result_);
  }

 private:
  Result<void> check_mac_data(const MacData& data, Octets safes) {
    auto right = mac_fits(data, safes);
    if (right && !*right && password_.utf8.empty()) {  // some write the empty password as no octets at all
      password_.bmp.clear();
      right = mac_fits(data, safes);
    }
    if (!right) return right.error();
    if (!*right) return Error{Errc::wrong_password, 0, {}, {}, "the password does not open it"};
    return {};
  }

  Result<bool> mac_fits(const MacData& data, Octets safes) {
    const AlgorithmIdentifier& algorithm = data.mac.digest_algorithm;
    if (to_string(algorithm.algorithm) == oids::pbmac1) {
      return check_mac(decoder_, algorithm, password_.utf8, safes, data.mac.digest, limits_);
    }
    CMC_TRY(const Hash hash, hash_of(algorithm));
    if (data.mac_salt.empty() || data.mac_salt.size() > limits_.salt_octets) {
      return Error{Errc::limit_exceeded, 0, {}, {}, "the salt of the MAC (limit salt_octets)"};
    }
    std::size_t iterations = 1;
    if (data.iterations) {
      CMC_TRY(iterations, spend_iterations(budget_, *data.iterations, "the MAC of PKCS #12"));
    }
    const auto key = pkcs12_kdf(hash, password_.bmp, data.mac_salt, iterations, 3, output_octets(hash));
    return equal_in_constant_time(hmac(hash, key, safes), data.mac.digest);
  }

  Result<void> read_content(const ContentInfo& info) {
    if (!info.content) return bad("a part without content");
    if (to_string(info.content_type) == oids::data) {
      const auto octets = octet_string(*info.content);
      if (!octets) return bad("a part that is no OCTET STRING");
      return read_bags(*octets);
    }
    if (to_string(info.content_type) != encrypted_data) return bad("a part that is encrypted for a public key");
    CMC_TRY(const auto data, decoder_.decode<EncryptedData>(*info.content));
    const auto& encrypted = data.encrypted_content_info;
    if (!encrypted.encrypted_content) return bad("a part without content");
    auto plaintext = decrypt_with_password(decoder_, encrypted.content_encryption_algorithm, password_,
                                           *encrypted.encrypted_content, budget_);
    if (!plaintext) return skip(plaintext.error());
    return read_bags(*plaintext);
  }

  // What cannot be decrypted for want of an algorithm does not hide the rest of the file.
  Result<void> skip(const Error& error) {
    if (error.code != Errc::unsupported_algorithm) return error;
    result_.skipped = error;
    return {};
  }

  Result<void> read_bags(Octets safe_contents) {
    Decoder decoder(limits_);
    auto safe = decoder.decode<SafeContents>(safe_contents);
    if (!safe) return bad("SafeContents: " + to_string(safe.error()));
    for (const SafeBag& bag : safe->bags) {
      CMC_CHECK(read_bag(decoder, bag));
    }
    return {};
  }

  Result<void> read_bag(Decoder& decoder, const SafeBag& bag) {
    const std::string type = to_string(bag.bag_id);
    if (type == key_bag) {
      result_.keys.push_back(secret_copy(bag.bag_value.der));
    } else if (type == shrouded_key_bag) {
      CMC_TRY(const auto info, decoder.decode<EncryptedPrivateKeyInfo>(bag.bag_value));
      auto key = decrypt_with_password(decoder, info.encryption_algorithm, password_, info.encrypted_data, budget_);
      if (!key) return skip(key.error());
      result_.keys.push_back(*std::move(key));
    } else if (type == cert_bag || type == crl_bag) {
      CMC_TRY(const auto value, decoder.decode<CertBag>(bag.bag_value));
      const auto octets = octet_string(value.cert_value);
      const std::string kind = to_string(value.cert_id);
      if (octets && kind == x509_certificate) result_.certificates.emplace_back(octets->begin(), octets->end());
      if (octets && kind == x509_crl) result_.crls.emplace_back(octets->begin(), octets->end());
    }
    return {};
  }

  Decoder decoder_;
  Limits limits_;
  FilePassword password_;
  DerivationBudget budget_;
  Pkcs12 result_;
};

}  // namespace

bool is_pkcs12(Octets bytes, const Limits& limits) {
  Decoder decoder(limits);
  const auto pfx = decoder.decode<PFX>(bytes);
  return pfx && pfx->version.to_int64() == 3;
}

Result<Pkcs12> read_pkcs12(Octets bytes, SecretOctets password, const Limits& limits) {
  return Pkcs12Reader(std::move(password), limits).read(bytes);
}

}  // namespace cmcctl
