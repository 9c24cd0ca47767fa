#include "reading.hpp"

#include <charconv>
#include <map>

#include <cmcctl/codec/text.hpp>

#include "files.hpp"

namespace cmcctl::cli {
namespace {

const std::map<std::string, std::size_t Limits::*> limit_names{
    {"message_octets", &Limits::message_octets},
    {"depth", &Limits::depth},
    {"nodes", &Limits::nodes},
    {"layers", &Limits::layers},
    {"nested_messages", &Limits::nested_messages},
    {"body_parts", &Limits::body_parts},
    {"signers", &Limits::signers},
    {"recipients", &Limits::recipients},
    {"certificates", &Limits::certificates},
    {"crls", &Limits::crls},
    {"oid_octets", &Limits::oid_octets},
    {"text", &Limits::text},
    {"arena_base", &Limits::arena_base},
    {"arena_factor", &Limits::arena_factor},
    {"rsa_bits_least", &Limits::rsa_bits_least},
    {"rsa_bits", &Limits::rsa_bits},
    {"pbkdf2_iterations", &Limits::pbkdf2_iterations},
    {"pbm_iterations_least", &Limits::pbm_iterations_least},
    {"pbm_iterations", &Limits::pbm_iterations},
    {"salt_octets", &Limits::salt_octets},
    {"scrypt_octets", &Limits::scrypt_octets},
    {"path_certificates", &Limits::path_certificates},
    {"path_signatures", &Limits::path_signatures},
    {"name_comparisons", &Limits::name_comparisons},
};

const std::map<std::string, Form> form_names{
    {"der", Form::der}, {"ber", Form::der},   {"pem", Form::pem},   {"base64", Form::base64},
    {"hex", Form::hex}, {"mime", Form::mime}, {"http", Form::http},
};

/// Sets NAME=VALUE; the complaint, if it is none of ours.
std::string set_limit(Limits& limits, const std::string& text) {
  const std::size_t equals = text.find('=');
  const auto name = limit_names.find(text.substr(0, equals));
  if (name == limit_names.end()) {
    std::string names;
    for (const auto& [known, member] : limit_names) names += (names.empty() ? "" : ", ") + known;
    return "no limit is called so; there are " + names;
  }
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  if (equals == std::string::npos) return "wants NAME=VALUE";
  const auto [rest, error] = std::from_chars(text.data() + equals + 1, end, value);
  if (error != std::errc{} || rest != end) return "the value is no number";
  limits.*name->second = value;
  return {};
}

}  // namespace

void add_read_options(Command command, ReadOptions& options) {
  command.add_option("--in-form", options.in_form, "What the input is, where guessing goes wrong")
      .one_of({"auto", "der", "ber", "pem", "base64", "hex", "mime", "http"})
      .type_name("FORM");
  command.add_option("--limit", options.limits, "Raise or lower a limit; may be repeated")
      .type_name("NAME=VALUE")
      .check([](const std::string& text) {
        Limits limits;
        return set_limit(limits, text);
      });
}

Limits limits_of(const ReadOptions& options) {
  Limits limits;
  for (const std::string& limit : options.limits) (void)set_limit(limits, limit);
  return limits;
}

Input read_input(const std::string& name, Io& io, const ReadOptions& options) {
  const Limits limits = limits_of(options);
  const FileBytes read = read_file(name, io, 4 * limits.message_octets);  // base64 and hex take up to three times
  Input input;
  input.problem = read.problem;
  if (!input.problem.empty()) return input;
  if (read.too_large) {
    input.error = Error{Errc::limit_exceeded, 0, {}, {}, "limit message_octets: the file is far larger"};
    return input;
  }
  const auto forced = form_names.find(options.in_form);
  auto blocks = read_blocks(Octets(read.bytes), limits,
                            forced == form_names.end() ? std::nullopt : std::optional(forced->second));
  if (blocks) {
    input.blocks = *std::move(blocks);
  } else {
    input.error = blocks.error();
  }
  return input;
}

void report_error(Io& io, std::string_view command, const std::string& file, std::string_view form,
                  const Error& error) {
  const bool decoded = !form.empty() && form != to_string(Form::der);
  io.out.flush();
  io.err << "cmcctl " << command << ": " << escape(file) << ": " << (decoded ? "(counted in the decoded bytes) " : "")
         << escape(to_string(error)) << '\n'
         << "  try: " << error_info(error.code).hint << '\n';
}

}  // namespace cmcctl::cli
