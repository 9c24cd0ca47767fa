#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <cmcctl/codec/der_text.hpp>
#include <cmcctl/codec/json.hpp>
#include <cmcctl/codec/text.hpp>

#include "command.hpp"
#include "json_edit.hpp"
#include "output.hpp"
#include "reading.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string file = "-";
  ReadOptions reading;
  std::string from = "auto";
  OutputOptions output;
  std::vector<std::string> edits;  // "set PATH=VALUE", in the order of the command line
};

// JSON begins with a brace, and so does nothing else.
bool is_json(int first) {
  return first == '{' || first == ' ' || first == '\n' || first == '\t' || first == '\r' || first == EOF;
}

// DER text begins with a comment, raw octets, a tag in brackets, or words in front of a brace.
bool is_der_text(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  text.remove_prefix(start);
  if (text[0] == '#' || text[0] == '`' || text[0] == '[' || text[0] == '"') return true;
  const std::string_view head = text.substr(0, std::min(text.find('{'), text.size()));
  return head.size() < text.size() && head.find('\n') == std::string_view::npos && !head.starts_with("-----");
}

std::string read_all(std::istream& in) { return {std::istreambuf_iterator<char>(in), {}}; }

class Encode {
 public:
  Encode(const Options& options, Io& io) : options_(options), io_(io), limits_(limits_of(options.reading)) {}

  ExitCode run() {
    if (!may_write(io_, "encode", options_.output)) return ExitCode::usage;
    if (options_.file == "-") return read(io_.in);
    errno = 0;
    std::ifstream in(options_.file, std::ios::binary);
    if (!in || in.peek() == EOF) {
      if (errno != 0) return fail(ExitCode::io, escape(options_.file) + ": " + std::strerror(errno));
    }
    in.clear();
    return read(in);
  }

 private:
  ExitCode fail(ExitCode code, const std::string& problem) {
    io_.err << "cmcctl encode: " << problem << '\n';
    return code;
  }

  ExitCode refuse(const Error& error) {
    const bool in_text = error.code == Errc::bad_json || error.code == Errc::bad_der_text;
    if (!in_text) {
      report_error(io_, "encode", options_.file, {}, error);
    } else {  // the line says more than the byte
      io_.err << "cmcctl encode: " << escape(options_.file) << ": " << escape(error.detail)
              << (error.path.empty() ? "" : " (at " + escape(error.path) + ")") << '\n'
              << "  try: " << error_info(error.code).hint << '\n';
    }
    return ExitCode::undecodable;
  }

  ExitCode read(std::istream& in) {
    if (options_.from == "json" || (options_.from == "auto" && is_json(in.peek()))) return json(in);
    const std::string text = read_all(in);
    const bool der_text = options_.from == "der-text" || (options_.from == "auto" && is_der_text(text));
    return der_text ? this->der_text(text) : message(text);
  }

  ExitCode der_text(const std::string& text) {
    const auto bytes = read_der_text(text, limits_);
    if (!bytes) return refuse(bytes.error());
    return options_.edits.empty() ? write(*bytes) : edit_bytes(Octets(*bytes));
  }

  ExitCode json(std::istream& in) {
    if (options_.edits.empty()) return encode(in);
    try {
      return edit(Json::parse(in));
    } catch (const Json::parse_error&) {
      // Read again for an error with line, column and path.
      in.clear();
      in.seekg(0);
      return in ? encode(in)
                : fail(ExitCode::undecodable,
                       "the JSON is malformed; without --set, --delete and --insert the place is told");
    }
  }

  // A message itself, to be changed by --set and the like.
  ExitCode message(const std::string& text) {
    const auto blocks = read_blocks(Octets(text), limits_);
    if (!blocks) return refuse(blocks.error());
    if (blocks->size() > 1)
      return fail(ExitCode::usage, "the file holds several messages; take one with cmcctl decode --index");
    const std::vector<std::uint8_t>& bytes = blocks->front().bytes;
    return options_.edits.empty() ? write(bytes) : edit_bytes(Octets(bytes));
  }

  ExitCode edit_bytes(Octets bytes) {
    std::stringstream json;
    if (const auto written = write_json(json, bytes, limits_); !written) return refuse(written.error());
    return edit(Json::parse(json));
  }

  ExitCode edit(Json message) {
    for (const std::string& text : options_.edits) {
      JsonEdit edit;
      if (const std::string problem = read_edit(text, edit); !problem.empty()) return fail(ExitCode::usage, problem);
      if (const std::string problem = apply_edit(message, edit); !problem.empty())
        return fail(ExitCode::usage, problem);
    }
    std::istringstream edited(message.dump(1));
    return encode(edited);
  }

  std::string read_edit(const std::string& text, JsonEdit& edit) {
    const std::string word = text.substr(0, text.find(' '));
    const std::string rest = text.substr(word.size() + 1);
    const std::size_t equals = rest.find('=');
    edit.kind = word == "set"      ? JsonEdit::Kind::set
                : word == "insert" ? JsonEdit::Kind::insert
                                   : JsonEdit::Kind::remove;
    edit.path = rest.substr(0, equals);
    if (edit.kind == JsonEdit::Kind::remove) {
      edit.path = rest;
      return {};
    }
    if (equals == std::string::npos) return "--" + word + " wants PATH=VALUE";
    return read_value(rest.substr(equals + 1), edit.value);
  }

  // JSON, else text; @FILE is the message in a file, as it is.
  std::string read_value(const std::string& text, Json& value) {
    if (!text.starts_with('@')) {
      value = Json::parse(text, nullptr, false);
      if (value.is_discarded()) value = text;
      return {};
    }
    const Input input = read_input(text.substr(1), io_, options_.reading);
    const std::string name = escape(text.substr(1));
    if (!input.problem.empty()) return name + ": " + input.problem;
    if (input.error) return name + ": " + escape(to_string(*input.error));
    value = Json{{"$raw", hex(Octets(input.blocks.front().bytes))}};
    return {};
  }

  ExitCode encode(std::istream& in) {
    auto message = read_json(in, limits_);
    if (!message) return refuse(message.error());
    for (const std::string& remark : message->remarks) io_.err << "cmcctl encode: note: " << remark << '\n';
    return write(message->bytes);
  }

  ExitCode write(const std::vector<std::uint8_t>& bytes) {
    return write_message(io_, "encode", options_.output, Octets(bytes));
  }

  const Options& options_;
  Io& io_;
  Limits limits_;
};

void add_edit(Command command, const std::shared_ptr<Options>& options, const std::string& word,
              const std::string& text, const std::string& value) {
  const auto take = [options, word](const std::string& given) { options->edits.push_back(word + " " + given); };
  command.add_ordered_option("--" + word, take, text).type_name(value);
}

}  // namespace

void register_encode(Command app, Globals& globals) {
  const Command command = app.add_subcommand("encode", "Make a message of JSON or DER text, or change one in place");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "JSON (docs/json.md), DER text, or a message to be changed; - is stdin")
      .type_name("");
  command.add_option("--from", options->from, "What the input is: json, der-text or message; found out unless said")
      .one_of({"auto", "json", "der-text", "message"})
      .type_name("FORM");
  add_output_options(command, options->output);
  add_edit(command, options, "set", "Give an element this value: JSON, else text, or @FILE for the message in a file",
           "PATH=VALUE");
  add_edit(command, options, "delete", "Take an element or member out", "PATH");
  add_edit(command, options, "insert", "Add a member, or an element in front of [N]; [] is behind the last",
           "PATH=VALUE");
  add_read_options(command, options->reading);
  command.footer(
      "Versions, empty lists and bodyPartIDs that are left out are filled in; a part that was edited after it had "
      "been\n"
      "signed is said on stderr. A path may begin at any step that occurs only once.\n"
      "Exit codes: 0 written, 3 the input describes no message, 4 a file fails, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl decode request.crq | cmcctl encode | cmp - request.crq\n"
      "  cmcctl encode request.crq --set 'PKIData.reqSequence[0].tcr.bodyPartID=7' -o changed.crq\n"
      "  cmcctl encode request.crq --delete 'controlSequence[0]' --insert 'controlSequence[]={\"attrType\": "
      "\"senderNonce\",\n"
      "      \"attrValues\": [{\"SenderNonce\": \"00ff\"}]}' -o changed.crq");
  set_action(command, globals, [options, &globals] { return Encode(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
