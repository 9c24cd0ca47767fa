#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/server/authority.hpp>
#include <cmcctl/server/faults.hpp>

/// A whole test CA with its sockets: what `cmcctl serve ca` runs.
namespace cmcctl {

struct TestCaOptions {
  std::string store{};         ///< the file of its store; empty: in memory
  CaOptions ca{};              ///< of a new CA
  std::optional<CaKey> own{};  ///< its key and certificate, where they are not new
  AuthorityOptions authority{};
  std::vector<X509Certificate> trusted{};  ///< anchors of signers and TLS clients, besides the CA itself
  std::vector<User> users{};
  std::vector<std::string> faults{};
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;             ///< 0: any
  std::uint16_t management_port = 0;  ///< likewise; it listens on 127.0.0.1 only
  bool tls = false;
  std::unique_ptr<PrivateKey> tls_key{};  ///< null: the CA certifies a new one for localhost and `address`
  std::vector<std::vector<std::uint8_t>> tls_certificates{};  ///< DER, for tls_key
  std::function<void(const std::string& line)> log{};         ///< gets one JSON object after the other, from any thread
};

class TestCa {
 public:
  /// Opens the store and serves in threads of its own.
  static Result<std::unique_ptr<TestCa>> start(TestCaOptions options);
  /// Ends what is being answered, and the threads.
  ~TestCa();

  std::string url() const;                 ///< "http://127.0.0.1:8080/cmc"
  std::string management_url() const;      ///< "http://127.0.0.1:8081"
  std::vector<std::uint8_t> root() const;  ///< DER of the CA's certificate

  /// A new key with a certificate of a registration authority (id-kp-cmcRA).
  Result<CaKey> new_ra();

  struct State;

 private:
  explicit TestCa(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cmcctl
