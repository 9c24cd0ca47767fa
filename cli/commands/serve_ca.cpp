#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/pem.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/key_writing.hpp>
#include <cmcctl/server/test_ca.hpp>

#include "files.hpp"
#include "making.hpp"
#include "public_store.hpp"
#include "serve_verbs.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t user_file_octets = 1u << 20;

struct ServeOptions {
  std::string bind = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint16_t manage_port = 0;
  bool tls = false;
  std::string tls_cert;
  std::string tls_key;
  std::string store;
  KeyOptions key;
  std::string cert;
  std::string new_key = "ec:P-256";
  std::string name = "cmcctl TEST ONLY CA";
  std::vector<std::string> users;
  std::string user_file;
  std::string profile = "rfc";
  std::string pending = "never";
  std::int64_t pend_time = 60;
  bool confirm = false;
  std::string edition = "10002";
  bool encrypt = false;
  bool simple = false;
  std::vector<std::string> trust;
  std::string write_root;
  std::string write_ra;
  bool force = false;
  std::vector<std::string> faults;
  std::string log;
  ReadOptions reading;
};

class ServeCa {
 public:
  ServeCa(const ServeOptions& options, Io& io) : options_(options), io_(io), maker_(io, "serve ca") {}

  ExitCode run() {
    TestCaOptions ca;
    for (const auto step : {&ServeCa::check_options, &ServeCa::open_log, &ServeCa::take_keys, &ServeCa::take_trust,
                            &ServeCa::take_users, &ServeCa::take_behaviour}) {
      const ExitCode code = (this->*step)(ca);
      if (code != ExitCode::ok) return code;
    }
    hold_resources();
    block_signals();
    auto started = TestCa::start(std::move(ca));
    if (!started) return refuse(started.error());
    const ExitCode written = write_files(**started);
    if (written != ExitCode::ok) return written;
    announce(**started);
    wait_for_signal();
    return ExitCode::ok;
  }

 private:
  ExitCode refuse(const Error& error) const {
    const bool is_outside = error.code == Errc::connection_failed || error.code == Errc::store_failed;
    if (!is_outside) return maker_.refuse(error);
    return maker_.fail(ExitCode::io, std::string(error_info(error.code).sentence) + ": " + escape(error.detail));
  }

  ExitCode check_options(TestCaOptions&) {
    if (options_.key.key.empty() != options_.cert.empty()) {
      return maker_.fail(ExitCode::usage, "--key and --cert of the CA go together; without them there is a new CA");
    }
    if (options_.tls_key.empty() != options_.tls_cert.empty()) {
      return maker_.fail(ExitCode::usage, "--tls-key and --tls-cert go together; without them the CA issues one");
    }
    for (const std::string& file : {options_.write_ra.empty() ? "" : options_.write_ra + ".key",
                                    options_.write_ra.empty() ? "" : options_.write_ra + ".pem"}) {
      std::error_code ignored;
      if (file.empty() || options_.force || !std::filesystem::exists(file, ignored)) continue;
      return maker_.fail(ExitCode::io, escape(file) +
                                           " exists; name others, overwrite them with --force, or go on with "
                                           "these and leave out --write-ra");
    }
    return ExitCode::ok;
  }

  ExitCode open_log(TestCaOptions& ca) {
    if (options_.log.empty()) {
      ca.log = [this](const std::string& line) { io_.err << line + "\n"; };
      return ExitCode::ok;
    }
    log_.open(options_.log, std::ios::app);
    if (!log_) return maker_.fail(ExitCode::io, escape(options_.log) + ": " + std::strerror(errno));
    ca.log = [this](const std::string& line) { log_ << line << std::endl; };
    return ExitCode::ok;
  }

  ExitCode take_keys(TestCaOptions& ca) {
    ca.store = options_.store;
    ca.ca.key = options_.new_key;
    ca.ca.name = options_.name;
    ca.tls = options_.tls || !options_.tls_key.empty();
    if (!options_.key.key.empty()) {
      auto loaded = credentials(options_.key.key, options_.cert);
      if (!loaded) return loaded.error();
      auto certificate = X509Certificate::from_der((*loaded).certificates.front());
      if (!certificate) return maker_.refuse(options_.cert, certificate.error());
      if (const ExitCode code = check_is_for_tests(*certificate, *loaded); code != ExitCode::ok) return code;
      ca.own = CaKey{std::move((*loaded).key), std::move(*certificate)};
    }
    if (!options_.tls_key.empty()) {
      auto loaded = credentials(options_.tls_key, options_.tls_cert);
      if (!loaded) return loaded.error();
      ca.tls_key = std::move((*loaded).key);
      ca.tls_certificates = std::move((*loaded).certificates);
    }
    return ExitCode::ok;
  }

  // This server gives certificates to whoever knows a test's secret.
  ExitCode check_is_for_tests(const X509Certificate& certificate, const Credentials& loaded) const {
    const std::string store = trusting_store(certificate, loaded.certificates, io_, options_.reading);
    if (store.empty()) return ExitCode::ok;
    return maker_.fail(ExitCode::usage, escape(options_.cert) + ": " + escape(store) +
                                            " trusts this CA, and so would everybody what it issues here; take a CA that "
                                            "was made for tests, or none: then there is a new one");
  }

  OrExit<Credentials> credentials(const std::string& key, const std::string& certificate) const {
    auto password = password_of(options_.key.password, io_, maker_.command());
    if (!password) return password.error();
    auto loaded = load_credentials(key, certificate, *password ? &**password : nullptr, limits_of(options_.reading));
    if (!loaded) return maker_.refuse(loaded.error());
    return std::move(*loaded);
  }

  ExitCode take_trust(TestCaOptions& ca) {
    for (const std::string& file : options_.trust) {
      ExitCode code = ExitCode::ok;
      const auto bag = read_bag(file, maker_.command(), io_, options_.reading, code);
      if (!bag) return code;
      for (const auto& der : bag->certificates) {
        auto anchor = X509Certificate::from_der(der);
        if (!anchor) return maker_.refuse(file, anchor.error());
        ca.trusted.push_back(std::move(*anchor));
      }
    }
    return ExitCode::ok;
  }

  ExitCode add_user(TestCaOptions& ca, User user, const std::string& source, std::string_view option) {
    auto secret = maker_.secret(source, option, "secret of " + user.name);
    if (!secret) return secret.error();
    user.secret = std::move(*secret);
    ca.users.push_back(std::move(user));
    return ExitCode::ok;
  }

  ExitCode take_users(TestCaOptions& ca) {
    for (const std::string& text : options_.users) {
      const std::size_t equals = text.find('=');
      if (equals == 0 || equals == std::string::npos) {
        return maker_.fail(ExitCode::usage, "--user is NAME=SOURCE, like me=file:secret.txt");
      }
      User user;
      user.name = text.substr(0, equals);
      const ExitCode code = add_user(ca, std::move(user), text.substr(equals + 1), "--user");
      if (code != ExitCode::ok) return code;
    }
    return options_.user_file.empty() ? ExitCode::ok : take_user_file(ca);
  }

  ExitCode take_user_file(TestCaOptions& ca) {
    const FileBytes file = read_file(options_.user_file, io_, user_file_octets);
    if (!file.problem.empty()) return maker_.fail(ExitCode::io, escape(options_.user_file) + ": " + file.problem);
    const ExitCode bad = ExitCode::undecodable;
    const std::string form = escape(options_.user_file) +
                             ": expected a list of objects with \"name\", \"secret\" (file:, env:, "
                             "fd:, pass:), \"subject\" and \"names\"";
    const Json list = Json::parse(file.bytes, nullptr, false);
    if (!list.is_array()) return maker_.fail(bad, form);
    for (const Json& one : list) {
      User user;
      std::string source;
      try {
        user.name = one.at("name").get<std::string>();
        source = one.at("secret").get<std::string>();
        user.subject = one.value("subject", std::string());
        user.names = one.value("names", std::vector<std::string>());
      } catch (const Json::exception&) {
        return maker_.fail(bad, form);
      }
      if (!user.subject.empty()) {
        const auto name = parse_name(user.subject);
        if (!name) return maker_.refuse(options_.user_file, name.error());
      }
      const ExitCode code = add_user(ca, std::move(user), source, "--user-file");
      if (code != ExitCode::ok) return code;
    }
    return ExitCode::ok;
  }

  ExitCode take_behaviour(TestCaOptions& ca) {
    ca.address = options_.bind;
    ca.port = options_.port;
    ca.management_port = options_.manage_port;
    ca.faults = options_.faults;
    AuthorityOptions& how = ca.authority;
    how.pend = options_.pending == "always" ? PendPolicy::always : PendPolicy::never;
    how.pend_seconds = options_.pend_time;
    how.confirm = options_.confirm;
    how.dogtag = options_.profile == "dogtag";
    how.simple_on_success = options_.simple;
    how.encrypt = options_.encrypt;
    how.edition = options_.edition == "5272" ? Edition::rfc5272 : Edition::rfc10002;
    return ExitCode::ok;
  }

  // A flood ends in a refusal, and not in a machine without memory. What has AddressSanitizer has mapped more already.
  static void hold_memory() {
    constexpr rlim_t address_space = rlim_t{4} << 30;
    rlim_t pages = 0;
    rlimit memory{};
    const bool known = static_cast<bool>(std::ifstream("/proc/self/statm") >> pages);
    if (!known || pages * static_cast<rlim_t>(getpagesize()) > address_space / 2) return;
    if (getrlimit(RLIMIT_AS, &memory) != 0) return;
    memory.rlim_cur = std::min({memory.rlim_cur, memory.rlim_max, address_space});
    setrlimit(RLIMIT_AS, &memory);
  }

  static void hold_resources() {
    const rlimit none{0, 0};  // a core file would have the keys in it
    setrlimit(RLIMIT_CORE, &none);
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
      files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4'096);
      setrlimit(RLIMIT_NOFILE, &files);
    }
    hold_memory();
    // Memory that one flood of requests has taken is given back.
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
  }

  // Before there are threads, which take it over: only wait_for_signal sees these.
  void block_signals() {
    sigemptyset(&ending_);
    sigaddset(&ending_, SIGTERM);
    sigaddset(&ending_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending_, nullptr);
  }

  void wait_for_signal() const {
    int signal = 0;
    while (sigwait(&ending_, &signal) != 0) continue;
  }

  ExitCode write_files(TestCa& ca) const {
    if (!options_.write_root.empty()) {
      const ExitCode code = write_root(pem_text("CERTIFICATE", ca.root()));
      if (code != ExitCode::ok) return code;
    }
    if (options_.write_ra.empty()) return ExitCode::ok;
    auto ra = ca.new_ra();
    if (!ra) return refuse(ra.error());
    const auto key = private_key_pem(*ra->key, std::nullopt);
    if (!key) return refuse(key.error());
    const std::string key_file = options_.write_ra + ".key";
    if (options_.force) ::unlink(key_file.c_str());
    const std::string key_problem = write_new_secret_file(key_file, *key);
    if (!key_problem.empty()) return maker_.fail(ExitCode::io, escape(key_file) + ": " + key_problem);
    return write_text(options_.write_ra + ".pem", pem_text("CERTIFICATE", ra->certificate.der()));
  }

  // After a restart the root is still the same.
  ExitCode write_root(const std::string& pem) const {
    std::error_code ignored;
    if (!options_.force && std::filesystem::exists(options_.write_root, ignored)) {
      const FileBytes old = read_file(options_.write_root, io_, pem.size() + 1);
      if (Octets(old.bytes).chars() == pem) return ExitCode::ok;
      return maker_.fail(ExitCode::io, escape(options_.write_root) +
                                           " exists and has something else in it; name another file, or use --force");
    }
    return write_text(options_.write_root, pem);
  }

  ExitCode write_text(const std::string& file, const std::string& text) const {
    const std::string problem = write_file(file, Octets(std::string_view(text)));
    return problem.empty() ? ExitCode::ok : maker_.fail(ExitCode::io, escape(file) + ": " + problem);
  }

  void announce(const TestCa& ca) const {
    Json line{{"url", ca.url()}, {"management", ca.management_url()}};
    if (!options_.write_root.empty()) line["root"] = options_.write_root;
    line["pid"] = ::getpid();
    io_.out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  }

  const ServeOptions& options_;
  Io& io_;
  Maker maker_;
  std::ofstream log_;
  sigset_t ending_{};
};

void add_authority_options(Command command, ServeOptions& options) {
  const std::string answers = "How it answers";
  command.add_option("--profile", options.profile, "rfc, or dogtag: its servlets, its form of challenges and statuses")
      .one_of({"rfc", "dogtag"})
      .type_name("FORM")
      .group(answers);
  command.add_option("--edition", options.edition, "10002, or 5272 for clients that know the old RFCs")
      .one_of({"10002", "5272"})
      .type_name("RFC")
      .group(answers);
  command.add_option("--pend-time", options.pend_time, "pendTime is so many seconds later")
      .range(std::int64_t{0}, std::int64_t{86'400 * 366})
      .type_name("SECONDS")
      .group(answers);
  command.add_flag("--encrypt", options.encrypt, "Encrypt every answer that can be encrypted").group(answers);
  command.add_flag("--simple", options.simple, "A Simple PKI Response where a certificate is all there is to say")
      .group(answers);
  command.add_option("--trust", options.trust, "Another CA whose RAs (id-kp-cmcRA) are RAs here; may be repeated")
      .type_name("FILE")
      .group(answers);
}

void add_key_material_options(Command command, ServeOptions& options) {
  const std::string keys = "Keys";
  command.add_option("--key", options.key.key, "The CA's key, in a file or token").type_name("KEY").group(keys);
  command.add_option("--cert", options.cert, "Its certificate").type_name("FILE").group(keys);
  command.add_option("--password", options.key.password, "Password or PIN of --key and --tls-key")
      .type_name("SOURCE")
      .group(keys);
  command.add_option("--new-key", options.new_key, "The kind of a new CA's key: rsa:3072, ec:P-384, ...")
      .type_name("KIND")
      .group(keys);
  command
      .add_option("--tls-key", options.tls_key,
                  "Key of the TLS server; without, the CA certifies a new one for localhost")
      .type_name("KEY")
      .group(keys);
  command.add_option("--tls-cert", options.tls_cert, "Its certificates, the server's own first")
      .type_name("FILE")
      .group(keys);
}

}  // namespace

void register_serve_ca(Command serve, Globals& globals) {
  const Command command = serve.add_subcommand("ca", "A small CA that really issues; FOR TESTS ONLY");
  const auto options = std::make_shared<ServeOptions>();
  command.add_option("--port", options->port, "Listen here; 0, the default, is any free port").type_name("NUMBER");
  command.add_option("--bind", options->bind, "Listen at this IP address; 127.0.0.1 unless others shall reach it")
      .type_name("ADDRESS");
  command.add_flag("--tls", options->tls, "HTTPS; clients may show a certificate of the CA");
  command.add_option("--store", options->store, "Keep everything in this file, and go on with it; else in memory")
      .type_name("FILE");
  command.add_option("--name", options->name, "Common name of a new CA; TEST ONLY is part of it in any case")
      .type_name("TEXT");
  command.add_option("--user", options->users, "Somebody who may enrol with a secret, NAME=SOURCE; may be repeated")
      .type_name("NAME=SOURCE");
  command.add_option("--user-file", options->user_file, "Users with their names, in JSON").type_name("FILE");
  command.add_option("--pending", options->pending, "never, or always: requests wait for cmcctl ca approve")
      .one_of({"never", "always"})
      .type_name("WHEN");
  command.add_flag("--confirm", options->confirm, "Certificates have to be confirmed (confirmCertAcceptance)");
  command
      .add_option("--fault", options->faults,
                  "Something to do wrong, NAME[=VALUE][:every=N,times=N,after=5s]; may be repeated")
      .type_name("SPEC");
  command.add_option("--manage-port", options->manage_port, "The management port, always at 127.0.0.1")
      .type_name("NUMBER");
  command.add_option("--write-root", options->write_root, "Write the CA's certificate here").type_name("FILE");
  command
      .add_option("--write-ra", options->write_ra, "Write an RA's new key and certificate to PREFIX.key and PREFIX.pem")
      .type_name("PREFIX");
  command.add_option("--log", options->log, "Append the log to this file; else to stderr").type_name("FILE");
  command.add_flag("--force", options->force, "Overwrite the files of --write-root and --write-ra");
  add_authority_options(command, *options);
  add_key_material_options(command, *options);
  command.footer(
      "The first line on stdout is a JSON object: url, management, root (a file) and pid. SIGTERM and SIGINT end it.\n"
      "SOURCE is file:PATH, env:NAME, fd:NUMBER or pass:TEXT. docs/test-ca-api.md has the management port and the "
      "faults.\n"
      "Exit codes: 0 ended by a signal, 2 wrong call, 3 a file does not decode, 4 file, store or network, 7 key or "
      "secret.\n"
      "Examples:\n"
      "  cmcctl serve ca --port 8080 --user me=file:secret.txt --write-root root.pem\n"
      "  cmcctl serve ca --tls --store ca.db --write-ra ra --fault nonce-mismatch:every=3");
  set_action(command, globals, [options, &globals] { return ServeCa(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
