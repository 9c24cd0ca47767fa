#include "enrolling.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/codec/clock_time.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/pem.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/codec/version.hpp>
#include <cmcctl/crypto/token.hpp>
#include <nlohmann/json.hpp>

#include "progress.hpp"
#include "response_report.hpp"
#include "text.hpp"

namespace cmcctl::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t longest_pause = 60;

bool exists(const std::string& file) {
  std::error_code ignored;
  return !file.empty() && fs::exists(file, ignored);
}

std::int64_t now() { return *time_of({}); }

std::string pem_of(const std::vector<Bytes>& certificates) {
  std::string text;
  for (const Bytes& certificate : certificates) text += pem_text("CERTIFICATE", certificate);
  return text;
}

/// Those above the first one, issuer by issuer, as far as they came.
std::vector<Bytes> chain_of(const std::vector<Bytes>& ders) {
  std::vector<X509Certificate> certificates;
  for (const Bytes& der : ders) {
    if (auto certificate = X509Certificate::from_der(Octets(der))) certificates.push_back(*std::move(certificate));
  }
  std::vector<Bytes> chain;
  for (auto above = certificates.begin(); above != certificates.end() && chain.size() < certificates.size();) {
    if (above->is_self_issued()) break;
    above = std::ranges::find(certificates, above->issuer(), &X509Certificate::subject);
    if (above != certificates.end()) chain.emplace_back(above->der().begin(), above->der().end());
  }
  return chain;
}

// The files of the request are written by this command, not by NewRequest: nothing goes to a terminal there.
NewRequestOptions seen_by_new_request(const EnrollOptions& options) {
  NewRequestOptions request = options.request;
  request.key.password = options.signer.password;
  request.secret.clear();  // it goes into the Full PKI Request
  request.output.output.to = "pem";
  request.ski = options.signer.keys.empty();  // the key of the request signs the message
  return request;
}

}  // namespace

Enrolling::Enrolling(EnrollOptions options, const Globals& globals, std::string command)
    : options_(std::move(options)),
      request_options_(seen_by_new_request(options_)),
      globals_(globals),
      maker_(globals.io, std::move(command)),
      limits_(limits_of(options_.request.reading)),
      request_(request_options_, maker_),
      exchange_(options_.exchange, maker_, options_.request.reading),
      started_(std::chrono::steady_clock::now()) {}

ExitCode Enrolling::run() {
  if (const std::string problem = wrong_call(); !problem.empty()) {
    return without_answer(globals_, maker_.fail(ExitCode::usage, problem));
  }
  state_name_ = !options_.state.empty() ? options_.state : options_.output + ".state";
  request_options_.key_out = makes_key() ? key_file() : "";
  wait_seconds_ = options_.wait.empty() ? 0 : *seconds_of_wait(options_.wait);
  const ExitCode code = take_up();
  if (code != ExitCode::ok) return without_answer(globals_, code);
  if (file_.done) return report_issued(true);
  return go();
}

std::string Enrolling::wrong_call() const {
  const NewRequestOptions& request = options_.request;
  if (request.key.key.empty() == request.new_key.empty())
    return "say whose certificate it is: --key KEY, or --new-key KIND";
  if (!request.key_out.empty() && !makes_key()) return "--key-out is for --new-key";
  if (!request.key_password.empty() && !makes_key()) return "--key-password is for --new-key";
  if (options_.trust.anchors.empty() && !options_.dry_run) {
    return "no answer could be believed: name the CA's root certificate with --trust FILE";
  }
  if (options_.output.empty() && options_.import.empty() && !options_.dry_run) {
    return "say where the certificate goes: -o FILE, or --import TOKEN";
  }
  for (const auto& [a, b] : {std::pair{&options_.output, &options_.chain},
                             {&options_.output, &request.key_out},
                             {&options_.chain, &request.key_out}}) {
    if (!a->empty() && *a == *b) return "two results in one file; a new key without --key-out goes into that of -o";
  }
  if (options_.output.empty() && options_.state.empty() && !options_.dry_run) {
    return "--import without -o wants a --state FILE to go on from when it is interrupted";
  }
  if (!options_.import.empty() && !names_token(request.key.key)) {
    return "--import puts the certificate beside a key in a token: make the key there (cmcctl keys gen --in), and name "
           "it with --key nss:... or pkcs11:...";
  }
  if (!options_.label.empty() && options_.import.empty()) return "--label is for --import";
  if (!request.identification.empty() && request.secret.empty()) return "--identification wants a --secret";
  return {};
}

// --- what is there already ---------------------------------------------------------------------------------------

ExitCode Enrolling::take_up() {
  if (options_.dry_run) return ExitCode::ok;
  auto stored = read_enrollment_file(state_name_, maker_);
  if (!stored) return stored.error();
  if (!*stored) return ExitCode::ok;
  const std::string option = differing_option((*stored)->options, options_);
  if (!option.empty()) {
    return maker_.fail(ExitCode::usage, escape(state_name_) + " is of another enrolment, with another " + option +
                                            "\n  try: the same command as then, or cmcctl poll, goes on with it; "
                                            "another --state, or none of this name, begins a new one");
  }
  if (!(*stored)->done && makes_key() && never_sent()) return ExitCode::ok;
  file_ = *std::move(*stored);
  resumed_ = true;
  if (file_.done) forget();
  return ExitCode::ok;
}

// State and key get their names one after the other, before anything is sent. The lock waits for who is at it.
bool Enrolling::never_sent() const {
  const FolderLock lock(state_name_);
  if (exists(key_file())) return false;
  std::error_code ignored;
  fs::remove(state_name_, ignored);
  return true;
}

// What is left is of no use: all is where it belongs, or the CA has refused it.
void Enrolling::forget() const {
  const FolderLock lock(state_name_);  // who is saving it would bring it back
  std::error_code ignored;
  if (makes_key()) fs::remove(key_file(), ignored);
  if (!file_.done || !file_.stays) fs::remove(state_name_, ignored);
}

// Encrypted once: what is sent again has to be the same octets.
ExitCode Enrolling::seal() {
  file_.sealed.clear();
  if (options_.encryption.recipients.empty() || is_over(file_.state.step)) return ExitCode::ok;
  const EnrollmentKeys who = keys();
  const bool is_signed = !who.signers.empty() || who.key_signs;
  const EncryptionOptions how = is_signed ? options_.encryption : for_unsigned(options_.encryption);
  auto sealed = encrypted(how, file_.state.message, maker_, options_.request.reading);
  if (sealed) file_.sealed = std::move(*sealed);
  return sealed ? ExitCode::ok : sealed.error();
}

ExitCode Enrolling::save() const {
  FileSet files;
  files.only_with(state_name_);
  files.add(state_name_, Octets(std::string_view(text_of(file_))), true);
  const std::string problem = files.write(true);
  if (problem.empty()) return ExitCode::ok;
  return exists(state_name_) ? maker_.fail(ExitCode::io, escape(problem)) : ended_elsewhere();
}

ExitCode Enrolling::ended_elsewhere() const {
  return maker_.fail(ExitCode::io, escape(state_name_) + " is gone: another run of this command has ended it");
}

ExitCode Enrolling::go() {
  if (file_.state.step == EnrollmentStep::issued) return finish();
  if (const ExitCode code = load(); code != ExitCode::ok) return without_answer(globals_, code);
  if (!resumed_) {
    if (const ExitCode code = begin(); code != ExitCode::ok) return without_answer(globals_, code);
    if (options_.dry_run) {
      NewMessageOptions shown;
      shown.dry_run = true;
      return maker_.write(shown, file_.state.message);
    }
  }
  return round_trips();
}

// --- before the first message ------------------------------------------------------------------------------------

std::vector<std::string> Enrolling::results() const {
  std::vector<std::string> files{options_.output, options_.chain, options_.request.key_out};
  std::erase(files, std::string());
  return files;
}

ExitCode Enrolling::check_files() const {
  if (options_.force || options_.dry_run) return ExitCode::ok;
  for (const std::string& file : results()) {
    if (!exists(file)) continue;
    return maker_.fail(ExitCode::io, escape(file) + " exists; name another file, or overwrite it with --force");
  }
  return ExitCode::ok;
}

ExitCode Enrolling::load() {
  if (!resumed_) {
    if (const ExitCode code = check_files(); code != ExitCode::ok) return code;
  }
  if (const ExitCode code = load_trust(); code != ExitCode::ok) return code;
  const bool sends = !options_.dry_run;
  if (sends) {
    const ExitCode code = exchange_.prepare(trust_.anchors, options_.force || resumed_);
    if (code != ExitCode::ok) return code;
  }
  auto signers = load_signers(options_.signer, maker_, limits_);
  if (!signers) return signers.error();
  signers_ = std::move(*signers);
  if (const ExitCode code = check_certified(signers_, options_.signer, maker_); code != ExitCode::ok) return code;
  if (!options_.request.secret.empty()) {
    auto secret = maker_.secret(options_.request.secret, "--secret", "shared secret");
    if (!secret) return secret.error();
    secret_ = std::move(*secret);
  }
  if (const ExitCode code = load_own_key(); code != ExitCode::ok) return code;
  pairs_.push_back({&request_.key(), {}});
  for (const Signer& signer : signers_.signers) pairs_.push_back({signer.key, signer.certificate});
  if (!secret_.empty()) {
    recipient_password_ = mac_full_password({secret_, Octets(std::string_view(options_.request.identification))});
    passwords_.emplace_back(recipient_password_);
  }
  return ExitCode::ok;
}

ExitCode Enrolling::load_trust() {
  ExitCode code = ExitCode::ok;
  const auto files = read_trust_files(options_.trust, maker_.command(), maker_.io(), options_.request.reading, code);
  if (!files) return code;
  auto trust = parse_trust(*files, limits_);
  if (!trust) return maker_.refuse("--trust", trust.error());
  trust_ = *std::move(trust);
  return ExitCode::ok;
}

ExitCode Enrolling::load_own_key() {
  if (!resumed_) return request_.prepare();
  if (makes_key() && !exists(key_file())) return ended_elsewhere();
  const KeyOptions own = makes_key() ? KeyOptions{key_file(), options_.request.key_password}
                                     : KeyOptions{options_.request.key.key, options_.signer.password};
  auto key = load_key(own, maker_.io(), maker_.command(), limits_);
  if (!key) return key.error();
  request_.adopt(std::move(*key));
  return ExitCode::ok;
}

ExitCode Enrolling::begin() {
  auto request = certification_request();
  if (!request) return request.error();
  auto state = begin_enrollment(*request, keys());
  if (!state) return maker_.refuse(state.error());
  file_.options = options_;
  file_.stays = !options_.state.empty();
  file_.state = *std::move(state);
  if (options_.dry_run) return ExitCode::ok;
  if (const ExitCode code = seal(); code != ExitCode::ok) return code;
  FileSet files;
  if (!options_.force) {  // another run of this command may have come first
    for (const std::string& result : results()) files.unless(result);
  }
  files.add(state_name_, Octets(std::string_view(text_of(file_))), true);
  if (makes_key()) files.add(key_file(), request_.key_pem(), true);
  const std::string problem = files.write(false);
  if (problem.empty()) return ExitCode::ok;
  return maker_.fail(ExitCode::io, escape(problem));
}

OrExit<std::vector<std::uint8_t>> Enrolling::certification_request() {
  const Bytes subject = request_.subject().empty() ? der_element(tlv::sequence, {}) : request_.subject();
  const bool signs = keys().key_signs;
  PrivateKey& key = request_.key();
  Result<Bytes> made = Bytes();
  if (signs && options_.archive_to.empty()) {
    made = make_pkcs10({subject, request_.extensions(), {}}, OwnSignature{&key, request_.scheme()});
  } else {
    CertRequestOptions what;
    what.with_version = what.empty_controls = request_.is("dogtag");
    what.subject = subject;
    what.extensions = request_.extensions();
    if (!options_.archive_to.empty()) {
      auto archived = request_.archived_for(options_.archive_to, std::nullopt, false);
      if (!archived) return archived.error();
      what.controls.push_back(std::move(*archived));
    }
    const Octets spki = key.public_key().spki();
    PopMethod pop = PopSubsequent{request_.key_use(), SubsequentMessage::challengeResp, spki};
    if (signs) {
      pop = PopSignature{&key, request_.scheme()};
    } else if (request_.is("dogtag")) {
      pop = PopNone{spki};
    }
    made = make_cert_req_msg(what, pop);
  }
  if (!made) return maker_.refuse(made.error());
  return *std::move(made);
}

// --- round trips -------------------------------------------------------------------------------------------------

EnrollmentKeys Enrolling::keys() const {
  EnrollmentKeys keys;
  keys.key = &request_.key();
  keys.key_signs = request_.can_sign() && !options_.encryption_key;
  keys.scheme = request_.scheme();
  keys.signers = signers_.signers;
  keys.dogtag = request_.is("dogtag");
  keys.signing = signing(options_.signer, signers_, keys.dogtag);
  if (!secret_.empty()) {
    keys.shared = SharedSecret{secret_};
    const std::string& name = options_.request.identification;
    if (!name.empty()) keys.shared->identification = Octets(std::string_view(name));
  }
  if (options_.request.edition == "5272") keys.proofs = IdentityProofs::both;
  if (options_.request.edition == "2797") keys.proofs = IdentityProofs::v1;
  return keys;
}

VerifyOptions Enrolling::how_to_verify() const {
  VerifyOptions how = verify_options(options_.trust, trust_);
  how.keys = RecipientKeys{pairs_, passwords_, {}};
  return how;
}

ExitCode Enrolling::round_trips() {
  const std::string name = options_.output.empty() ? "enroll" : fs::path(options_.output).stem().string();
  if (resumed_ && file_.state.step == EnrollmentStep::query && !options_.wait.empty()) {
    if (const ExitCode code = wait(0); code != ExitCode::ok) return pending(code);
  }
  bool goes_on = true;
  while (goes_on) {
    const Bytes& message = file_.sealed.empty() ? file_.state.message : file_.sealed;
    auto response = exchange_.send({message, Carried::full_request, name, file_.state.round_trips + 1});
    if (!response && response.error() == ExitCode::pending) return pending(ExitCode::pending);
    if (!response) {
      maker_.io().err << "  kept: " << escape(state_name_) << "; the same command sends the message again\n";
      return without_answer(globals_, response.error());
    }
    if (const ExitCode code = take(*response, goes_on); code != ExitCode::ok) return code;
    if (!undecided_) continue;
    if (const ExitCode code = wait(pause_); code != ExitCode::ok) return pending(code);
    pause_ = std::min(2 * pause_, longest_pause);
  }
  return finish();
}

// Until pendTime, or for as long as `least` where the CA names none or it has passed.
ExitCode Enrolling::wait(std::int64_t least) {
  const std::int64_t due = std::max(file_.state.ask_after - now(), least);
  const auto spent = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_);
  const std::int64_t left = wait_seconds_ - spent.count();
  if (left <= 0) return ExitCode::pending;
  const std::int64_t pause = std::min(due, left);
  const Progress progress(maker_.io().err, "pending; asking again at " + iso8601(now() + pause));
  std::this_thread::sleep_for(std::chrono::seconds(pause));
  return ExitCode::ok;
}

ExitCode Enrolling::take(Octets response, bool& goes_on) {
  const std::uint32_t trips = file_.state.round_trips;
  const EnrollmentStep before = file_.state.step;
  const auto report = take_response(file_.state, response, keys(), how_to_verify(), limits_);
  if (!report) return without_answer(globals_, maker_.refuse(exchange_.where(), report.error()));
  const EnrollmentStep step = file_.state.step;
  if (step == EnrollmentStep::failed) return before == EnrollmentStep::pop_abort ? gave_up() : refused(*report);
  if (file_.state.round_trips == trips) return stopped(*report);
  if (const ExitCode code = seal(); code != ExitCode::ok) return without_answer(globals_, code);
  if (const ExitCode code = save(); code != ExitCode::ok) return without_answer(globals_, code);
  undecided_ = report->outcome == Outcome::pending;
  goes_on = step != EnrollmentStep::issued;
  return goes_on && !undecided_ && step == before ? stopped(*report) : ExitCode::ok;
}

ExitCode Enrolling::pending(ExitCode code) const {
  const std::int64_t after = file_.state.ask_after;
  if (globals_.json) {
    Json json{{"schema", 1},
              {"tool", "cmcctl " + std::string(version)},
              {"outcome", "pending"},
              {"roundTrips", file_.state.round_trips},
              {"state", state_name_}};
    if (after != 0) json["askAfter"] = iso8601(after);
    if (after != 0) json["seconds"] = std::max<std::int64_t>(0, after - now());
    maker_.io().out << json.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    maker_.io().out << "pending" << (after == 0 ? "" : "  ask again after " + iso8601(after)) << '\n'
                    << "  next: cmcctl poll --state " << escape(state_name_) << '\n';
  }
  return code;
}

ExitCode Enrolling::stopped(const ResponseReport& report) const {
  if (globals_.json) {
    const Json json{{"schema", 1},
                    {"tool", "cmcctl " + std::string(version)},
                    {"outcome", to_string(report.outcome)},
                    {"roundTrips", file_.state.round_trips},
                    {"response", json_of_response(report)}};
    maker_.io().out << json.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    maker_.io().out << escape(exchange_.where()) << ": ";
    write_response(maker_.io().out, report, maker_.io().color);
  }
  if (!is_over(file_.state.step)) {
    maker_.io().err << "cmcctl " << maker_.command() << ": nothing was written; the same command sends the message in "
                    << escape(state_name_) << " again\n";
  }
  return exit_code_of(report) == ExitCode::ok ? ExitCode::no : exit_code_of(report);
}

ExitCode Enrolling::refused(const ResponseReport& report) {
  forget();
  return stopped(report);
}

ExitCode Enrolling::gave_up() {
  forget();
  return without_answer(globals_, maker_.fail(ExitCode::no,
                                              "the challenge does not fit the key: it was changed, or made for another "
                                              "key [CMC-5272-6.7-11]; the server was told so"));
}

// --- after the last ----------------------------------------------------------------------------------------------

OrExit<FileSet> Enrolling::result_files() const {
  FileSet files;
  SecretOctets key;
  if (makes_key()) {
    const std::string problem = read_secret_file(key_file(), key);
    if (!problem.empty()) return maker_.fail(ExitCode::io, escape(key_file()) + ": " + problem);
  }
  const std::string certificate = pem_text("CERTIFICATE", file_.state.certificates.front());
  if (!options_.request.key_out.empty()) files.add(options_.request.key_out, key, true);
  if (!options_.chain.empty()) {
    files.add(options_.chain, Octets(std::string_view(pem_of(chain_of(file_.state.certificates)))), false);
  }
  if (options_.output.empty()) return files;
  if (key_in_output()) key.insert(key.end(), certificate.begin(), certificate.end());
  files.add(options_.output, key_in_output() ? Octets(key) : Octets(std::string_view(certificate)), key_in_output());
  return files;
}

ExitCode Enrolling::finish() {
  auto files = result_files();
  if (!files) return without_answer(globals_, files.error());
  if (const std::string problem = (*files).write(options_.force); !problem.empty()) {
    return without_answer(globals_, maker_.fail(ExitCode::io, escape(problem) +
                                                                  "\n  try: the same command once that is mended; the "
                                                                  "certificate waits in " +
                                                                  escape(state_name_)));
  }
  if (const ExitCode code = import_certificate(); code != ExitCode::ok) return without_answer(globals_, code);
  file_.done = true;
  if (const ExitCode code = save(); code != ExitCode::ok) return without_answer(globals_, code);
  forget();
  return report_issued(false);
}

ExitCode Enrolling::import_certificate() const {
  if (options_.import.empty()) return ExitCode::ok;
  auto password = password_of(options_.signer.password, maker_.io(), maker_.command());
  if (!password) return password.error();
  const Bytes& der = file_.state.certificates.front();
  const auto imported = [&]() -> Result<void> {
    CMC_TRY(const TokenSource source, parse_token_source(options_.import));
    CMC_TRY(Token token, Token::open(source, *password ? &**password : nullptr, Token::Access::write, limits_));
    CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(Octets(der), limits_));
    CMC_TRY(const auto there, token.find_certificates({}, {}));
    if (std::ranges::find(there, der) != there.end()) return {};
    return token.import_certificate(der, options_.label.empty() ? certificate.subject_text() : options_.label);
  }();
  return imported ? ExitCode::ok : report_key_error(maker_.io(), maker_.command(), imported.error());
}

ExitCode Enrolling::report_issued(bool before) const {
  const Bytes& der = file_.state.certificates.front();
  const auto certificate = X509Certificate::from_der(Octets(der), limits_);
  if (!certificate) return without_answer(globals_, maker_.refuse(state_name_, certificate.error()));
  const Octets serial = certificate->tbs().serial_number.content;
  const std::uint32_t trips = file_.state.round_trips;
  if (globals_.json) {
    Json json{{"schema", 1},
              {"tool", "cmcctl " + std::string(version)},
              {"outcome", "issued"},
              {"before", before},
              {"subject", certificate->subject_text()},
              {"issuer", name_text(certificate->issuer())},
              {"serialNumber", hex(serial)},
              {"notAfter", iso8601(certificate->not_after())},
              {"roundTrips", trips},
              {"certificate", base64(der)},
              {"chain", Json::array()}};
    for (const Bytes& above : chain_of(file_.state.certificates)) json["chain"].push_back(base64(above));
    maker_.io().out << json.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
    return ExitCode::ok;
  }
  maker_.io().out << (before ? "issued before  " : "issued  ") << escape(certificate->subject_text()) << "  serial "
                  << serial_text(serial) << "  until " << iso8601(certificate->not_after()).substr(0, 10) << "  (" << trips
                  << (trips == 1 ? " round trip)" : " round trips)") << '\n';
  return ExitCode::ok;
}

}  // namespace cmcctl::cli
