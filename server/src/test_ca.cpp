#include <cmcctl/server/test_ca.hpp>

#include <thread>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/server/http_server.hpp>

#include "ca_endpoints.hpp"
#include "ca_service.hpp"
#include "event_log.hpp"
#include "management.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view short_lived_key = "ec:P-256";

bool is_address_of_all(const std::string& address) { return address == "0.0.0.0" || address == "::"; }

std::string host_in_url(const std::string& address) {
  if (is_address_of_all(address)) return "localhost";
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

Result<RequestedExtension> names_of_host(const std::string& address) {
  std::vector<std::string> texts{"dns:localhost", "ip:127.0.0.1", "ip:::1"};
  const std::string own = "ip:" + address;
  if (!is_address_of_all(address) && own != texts[1] && own != texts[2]) texts.push_back(own);
  std::vector<std::vector<std::uint8_t>> names;
  for (const std::string& text : texts) {
    CMC_TRY(names.emplace_back(), parse_general_name(text));
  }
  return subject_alt_name_extension(names, false);
}

/// A new key, certified by the CA itself.
Result<CaKey> certified(CaService& service, std::string_view profile, std::string_view subject, const Wish& wish) {
  CMC_TRY(auto key, generate_private_key(short_lived_key));
  CMC_TRY(const auto name, parse_name(subject));
  const Profile* const found = find_profile(profile);
  if (found == nullptr)
    return Error{Errc::value_out_of_range, 0, {}, {}, "no profile is called " + std::string(profile)};
  const Issuer::Request request{*found, name, key->public_key().spki(), wish, {}, true};
  CMC_TRY(const StoredCertificate issued, service.issuer().issue(request, now_in_seconds()));
  CMC_TRY(X509Certificate certificate, X509Certificate::from_der(issued.der));
  return CaKey{std::move(key), std::move(certificate)};
}

Result<Issuer> open_issuer(Store& store, TestCaOptions& options) {
  if (options.own) return Issuer::open_with(store, *std::move(options.own), now_in_seconds());
  return Issuer::open(store, options.ca, now_in_seconds());
}

}  // namespace

struct TestCa::State {
  explicit State(TestCaOptions given) : options(std::move(given)), log(options.log) {}

  ~State() {
    if (server) server->stop();
    if (management) management->stop();
    for (std::thread& thread : threads) thread.join();
  }

  Result<void> open() {
    CMC_CHECK(faults.set(options.faults));
    CMC_TRY(store, Store::open(options.store));
    for (const User& user : options.users) CMC_CHECK(store->set_user(user));
    CMC_TRY(issuer, open_issuer(*store, options));
    options.authority.trusted = options.trusted;
    service.emplace(*store, *issuer, options.authority, faults);
    return {};
  }

  Result<void> prepare_tls() {
    if (options.tls_key == nullptr) {
      CMC_TRY(const RequestedExtension names, names_of_host(options.address));
      CMC_TRY(CaKey made, certified(*service, "server", "CN=localhost,O=TEST ONLY", Wish{{names}, true}));
      options.tls_certificates = {{made.certificate.der().begin(), made.certificate.der().end()}};
      options.tls_key = std::move(made.key);
    }
    std::vector<X509Certificate> anchors = options.trusted;
    CMC_TRY(X509Certificate own, X509Certificate::from_der(root));
    anchors.push_back(std::move(own));
    CMC_TRY(tls, TlsServer::make(*options.tls_key, options.tls_certificates, anchors));
    return {};
  }

  Result<void> listen() {
    const Octets der = service->issuer().certificate().der();
    root.assign(der.begin(), der.end());
    if (options.tls) CMC_CHECK(prepare_tls());
    HttpServerOptions how;
    how.address = options.address;
    how.port = options.port;
    how.tls = tls ? &*tls : nullptr;
    const auto refused = [this](const std::string& peer, int status, std::string_view text) {
      log.write("refused", {{"peer", peer}, {"status", std::to_string(status)}, {"text", std::string(text)}});
    };
    CMC_TRY(server, HttpServer::listen(how, CaEndpoints(*service, options.authority.dogtag, log), refused));
    HttpServerOptions local;
    local.port = options.management_port;
    local.workers = 1;
    CMC_TRY(management, HttpServer::listen(local, Management(*service, log), refused));
    threads.emplace_back([this] { server->run(); });
    threads.emplace_back([this] { management->run(); });
    return {};
  }

  TestCaOptions options;
  EventLog log;
  Faults faults;
  std::optional<Store> store;
  std::optional<Issuer> issuer;
  std::optional<CaService> service;
  std::vector<std::uint8_t> root;
  std::optional<TlsServer> tls;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<HttpServer> management;
  std::vector<std::thread> threads;
};

TestCa::TestCa(std::unique_ptr<State> state) : state_(std::move(state)) {}
TestCa::~TestCa() = default;

Result<std::unique_ptr<TestCa>> TestCa::start(TestCaOptions options) {
  auto state = std::make_unique<State>(std::move(options));
  CMC_CHECK(state->open());
  CMC_CHECK(state->listen());
  return std::unique_ptr<TestCa>(new TestCa(std::move(state)));
}

std::string TestCa::url() const {
  return (state_->options.tls ? "https://" : "http://") + host_in_url(state_->options.address) + ":" +
         std::to_string(state_->server->port()) + "/cmc";
}

std::string TestCa::management_url() const { return "http://127.0.0.1:" + std::to_string(state_->management->port()); }

std::vector<std::uint8_t> TestCa::root() const { return state_->root; }

Result<CaKey> TestCa::new_ra() { return certified(*state_->service, "ra", "CN=TEST ONLY RA", Wish{}); }

}  // namespace cmcctl
