#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>

#include "archived_keys.hpp"
#include "command.hpp"
#include "extract.hpp"
#include "files.hpp"
#include "piece.hpp"
#include "reading.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::vector<std::string> files{"-"};
  ReadOptions reading;
  ArchiveOptions archive;
  std::string to;
  std::string part;
  std::string output;
  std::string label;
  std::optional<std::size_t> index;
  bool split = false;
};

const std::map<std::string, OutForm> out_forms{
    {"der", OutForm::der}, {"pem", OutForm::pem}, {"base64", OutForm::base64},
    {"hex", OutForm::hex}, {"p7c", OutForm::p7c}, {"smime", OutForm::smime},
};

const std::map<std::string, Part> parts{
    {"certs", Part::certs},       {"csr", Part::csr},           {"crl", Part::crl},
    {"econtent", Part::econtent}, {"requests", Part::requests},
};

constexpr std::string_view archive_part = "archive";  // opened, where the other parts are taken as they are

std::string words_of(Part part) {
  switch (part) {
    case Part::certs:
      return "certificate";
    case Part::csr:
      return "PKCS #10 request";
    case Part::crl:
      return "CRL";
    case Part::econtent:
      return "eContent";
    case Part::requests:
      return "request";
  }
  return {};
}

class Convert {
 public:
  Convert(const Options& options, const Globals& globals)
      : options_(options), io_(globals.io), limits_(limits_of(options.reading)) {
    if (const auto part = parts.find(options.part); part != parts.end()) part_ = part->second;
    const auto form = out_forms.find(options.to);
    form_ = form != out_forms.end() ? form->second : default_form();
  }

  ExitCode run() {
    if (const std::string problem = wrong_call(); !problem.empty()) return fail(ExitCode::usage, problem);
    if (options_.part == archive_part) {
      const ArchivedKeysOutput output{options_.output, form_ == OutForm::der, options_.index};
      return extract_archived_keys(options_.archive, options_.files, output, options_.reading, io_);
    }
    ExitCode code = ExitCode::ok;
    for (const std::string& name : options_.files) code = worst(code, read(name));
    if (pieces_.empty() && code != ExitCode::ok) return code;
    if (pieces_.empty()) return fail(ExitCode::no, "there is no " + words_of(wanted().value()) + "; found " + found_);
    if (form_ == OutForm::p7c) {
      auto message = certs_only(pieces_);
      if (!message) return fail(ExitCode::undecodable, to_string(message.error()));
      pieces_ = {*std::move(message)};
    }
    return worst(code, choose_and_write());
  }

 private:
  ExitCode fail(ExitCode code, const std::string& problem) {
    io_.err << "cmcctl convert: " << problem << '\n';
    return code;
  }

  // An eContent has no PEM label of its own.
  OutForm default_form() const {
    return part_ == Part::econtent && options_.label.empty() ? OutForm::der : OutForm::pem;
  }

  /// --to p7c is made of certificates, wherever they are.
  std::optional<Part> wanted() const { return form_ == OutForm::p7c ? Part::certs : part_; }

  bool into_directory() const {
    std::error_code error;
    return !options_.output.empty() && (options_.split || std::filesystem::is_directory(options_.output, error));
  }

  std::string wrong_call() const {
    const bool keys = options_.part == archive_part;
    if (!keys && !options_.archive.key.key.empty()) return "--key is for --extract archive";
    if (keys && form_ != OutForm::pem && form_ != OutForm::der) return "private keys are written as PEM or DER";
    if (keys && (options_.split || !options_.label.empty())) return "--split and --label are not for --extract archive";
    if (form_ == OutForm::p7c && part_ && part_ != Part::certs) {
      return "--to p7c holds certificates, no " + options_.part + "; leave out --extract";
    }
    if (!options_.label.empty() && form_ != OutForm::pem) return "--label is for --to pem";
    if (!options_.label.empty() && !is_pem_label(options_.label)) {
      return "'" + escape(options_.label) + "' is no PEM label; it is words of printable characters, such as CMS";
    }
    if (options_.label == "NEW CERTIFICATE REQUEST") {
      return "NEW CERTIFICATE REQUEST is an old label that not every reader knows; CERTIFICATE REQUEST is written";
    }
    if (options_.split && options_.output.empty()) return "--split writes one file each; name their folder with -o";
    if (!is_text(form_) && options_.output.empty() && io_.out_is_terminal) {
      return "binary output is not for a terminal; name a file with -o, or use --to pem";
    }
    return {};
  }

  ExitCode read(const std::string& name) {
    const Input input = read_input(name, io_, options_.reading);
    if (!input.problem.empty()) return fail(ExitCode::io, escape(name) + ": " + input.problem);
    if (input.error) return refuse(name, {}, *input.error);
    ExitCode code = ExitCode::ok;
    for (const InputBlock& block : input.blocks) code = worst(code, open(name, block));
    return code;
  }

  ExitCode open(const std::string& name, const InputBlock& block) {
    Decoder decoder(limits_);
    const auto message = open_message(decoder, Octets(block.bytes));
    const std::string_view form = to_string(block.form);
    if (!message) return refuse(name, form, message.error());
    if (!wanted()) return take_whole(name, block, *message);
    auto pieces = extract(decoder, *message, *wanted());
    if (pieces.empty()) found_ += (found_.empty() ? "a " : ", a ") + holdings(decoder, *message);
    pieces_.insert(pieces_.end(), std::make_move_iterator(pieces.begin()), std::make_move_iterator(pieces.end()));
    for (const Error& error : message->errors) report_error(io_, "convert", name, form, error);
    return message->errors.empty() ? ExitCode::ok : ExitCode::undecodable;
  }

  /// What a message is wrapped in does not depend on whether every part of it decodes.
  ExitCode take_whole(const std::string& name, const InputBlock& block, const Message& message) {
    Piece piece{message.layer.kind, message.layer.content_info.has_value(), block.bytes, {}};
    for (const Error& error : message.errors) {
      if (error.code != Errc::trailing_data || error.path != message.layer.path) continue;
      piece.bytes.resize(error.offset);
      io_.err << "cmcctl convert: " << escape(name) << ": " << block.bytes.size() - error.offset
              << " bytes behind the message are left out\n";
    }
    pieces_.push_back(std::move(piece));
    return ExitCode::ok;
  }

  ExitCode refuse(const std::string& name, std::string_view form, const Error& error) {
    report_error(io_, "convert", name, form, error);
    return ExitCode::undecodable;
  }

  /// The outermost eContent, unless another one is asked for: the inner ones are part of it.
  std::optional<std::size_t> index() const {
    return !options_.index && part_ == Part::econtent && !into_directory() ? 0 : options_.index;
  }

  ExitCode choose_and_write() {
    if (const auto index = this->index()) {
      if (*index >= pieces_.size()) {
        return fail(ExitCode::no, "there is no number " + std::to_string(*index) +
                                      "; --index counts from 0, and there " +
                                      (pieces_.size() == 1 ? "is 1" : "are " + std::to_string(pieces_.size())));
      }
      pieces_ = {std::move(pieces_[*index])};
    }
    if (into_directory()) return write_each();
    if (pieces_.size() > 1 && form_ != OutForm::pem) {
      return fail(ExitCode::usage, "there are " + std::to_string(pieces_.size()) +
                                       " to write, and only PEM holds several in one file; choose one with --index, or "
                                       "name a folder with --split -o");
    }
    std::string text;
    for (const Piece& piece : pieces_) {
      const auto wrapped = wrapped_or_complain(piece);
      if (!wrapped) return ExitCode::usage;
      text += *wrapped;
    }
    if (!options_.output.empty()) return write(options_.output, text);
    io_.out << text;
    return ExitCode::ok;
  }

  std::optional<std::string> wrapped_or_complain(const Piece& piece) {
    const std::string_view label = options_.label.empty() ? pem_label(piece) : std::string_view(options_.label);
    const std::string what(piece.kind ? to_string(*piece.kind) : std::string_view("eContent"));
    if (form_ == OutForm::pem && label.empty()) {
      (void)fail(ExitCode::usage,
                 "a bare " + what + " has no PEM label of its own; name one with --label, or use --to der");
      return std::nullopt;
    }
    auto text = wrap(piece, form_, label);
    if (!text) {
      (void)fail(ExitCode::usage,
                 "there is no S/MIME media type for a " + what +
                     (piece.kind == MessageKind::certificate ? "; make it a message with --to p7c first"
                                                             : "; use --to pem or --to base64"));
    }
    return text;
  }

  ExitCode write_each() {
    std::vector<std::string> texts;
    for (const Piece& piece : pieces_) {
      auto text = wrapped_or_complain(piece);
      if (!text) return ExitCode::usage;
      texts.push_back(*std::move(text));
    }
    std::error_code error;
    std::filesystem::create_directories(options_.output, error);
    if (error) return fail(ExitCode::io, escape(options_.output) + ": " + error.message());
    const std::string stem = part_ ? options_.part : form_ == OutForm::p7c ? "certs" : "message";
    ExitCode code = ExitCode::ok;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string name = stem + "-" + std::to_string(i) + "." + std::string(file_extension(pieces_[i], form_));
      code = worst(code, write((std::filesystem::path(options_.output) / name).string(), texts[i]));
    }
    return code;
  }

  ExitCode write(const std::string& name, const std::string& text) {
    const std::string problem = write_file(name, Octets(text));
    return problem.empty() ? ExitCode::ok : fail(ExitCode::io, escape(name) + ": " + problem);
  }

  const Options& options_;
  Io& io_;
  Limits limits_;
  std::optional<Part> part_;
  OutForm form_{};
  std::vector<Piece> pieces_;
  std::string found_;  // in the messages that had nothing of what was asked for
};

}  // namespace

void register_convert(Command app, Globals& globals) {
  const Command command =
      app.add_subcommand("convert", "Wrap a message anew, or take certificates and requests out of it");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->files, "Messages in any form that inspect reads; - is stdin").type_name("");
  command
      .add_option("--to", options->to,
                  "What to write: der, pem, base64, hex, p7c (a certs-only message of all certificates) or smime; "
                  "pem unless said, der for econtent")
      .one_of({"der", "pem", "base64", "hex", "p7c", "smime"})
      .type_name("FORM");
  command
      .add_option("--extract", options->part,
                  "Write not the message but, of every level: certs, csr (PKCS #10), crl, requests (PKCS #10 and "
                  "CRMF), econtent (the outermost, unless --index says otherwise) or archive (private keys, opened "
                  "with --key)")
      .one_of({"certs", "csr", "crl", "econtent", "requests", "archive"})
      .type_name("PART");
  command.add_option("-o,--output", options->output, "Write to this file, or one file each into this folder")
      .type_name("FILE|DIR");
  command.add_flag("--split", options->split, "One file each: -o names a folder, which is made if it is missing");
  command.add_option("--index", options->index, "Only this one of what was found, counted from 0").type_name("N");
  command.add_option("--label", options->label, "PEM label instead of the usual one, such as PKCS7")
      .type_name("LABEL");
  add_archive_options(command, options->archive);
  add_read_options(command, options->reading);
  command.footer(
      "The bytes stay as they came, BER too, so that signatures over them still verify. A private key goes to a new\n"
      "file that only its owner may read.\n"
      "Exit codes: 0 written, 1 there is none, 3 (part of) the input does not decode, 4 a file fails, 7 the archive's\n"
      "key does not open it, or it is not the request's, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl convert --extract certs response.p7c | openssl x509 -noout -subject\n"
      "  cmcctl convert --extract csr --to der -o request.p10 request.crq\n"
      "  cmcctl convert --to p7c -o chain.p7c ca.pem issued.pem\n"
      "  cmcctl convert --to smime -o request.eml request.crq\n"
      "  cmcctl convert --extract archive --key kra.pem -o key.pem request.crq");
  set_action(command, globals, [options, &globals] { return Convert(*options, globals).run(); });
}

}  // namespace cmcctl::cli
