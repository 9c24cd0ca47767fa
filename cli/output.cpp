#include "output.hpp"

#include <map>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>

#include "files.hpp"
#include "piece.hpp"

namespace cmcctl::cli {
namespace {

const std::map<std::string, OutForm> out_forms{
    {"der", OutForm::der}, {"pem", OutForm::pem}, {"base64", OutForm::base64}, {"hex", OutForm::hex}};

std::string in_form(Octets bytes, OutForm form) {
  if (form == OutForm::der) return std::string(bytes.chars());
  Decoder decoder;
  const auto message = open_message(decoder, bytes);
  Piece piece{std::nullopt, false, {bytes.begin(), bytes.end()}, {}};
  if (message) {
    piece.kind = message->layer.kind;
    piece.in_content_info = message->layer.content_info.has_value();
  }
  const std::string_view label = pem_label(piece);
  return *wrap(piece, form, label.empty() ? "CMS" : label);
}

}  // namespace

void add_output_options(Command command, OutputOptions& options) {
  command.add_option("--to", options.to, "der, pem, base64 or hex")
      .one_of({"der", "pem", "base64", "hex"})
      .type_name("FORM");
  command.add_option("-o,--output", options.file, "Write to this file").type_name("FILE");
}

bool may_write(Io& io, std::string_view command, const OutputOptions& options) {
  if (!options.file.empty() || options.to != "der" || !io.out_is_terminal) return true;
  io.err << "cmcctl " << command << ": binary output is not for a terminal; name a file with -o, or use --to pem\n";
  return false;
}

ExitCode write_message(Io& io, std::string_view command, const OutputOptions& options, Octets bytes) {
  const std::string text = in_form(bytes, out_forms.at(options.to));
  if (options.file.empty()) {
    io.out << text;
    return ExitCode::ok;
  }
  const std::string problem = write_file(options.file, Octets(std::string_view(text)));
  if (problem.empty()) return ExitCode::ok;
  io.err << "cmcctl " << command << ": " << escape(options.file) << ": " << problem << '\n';
  return ExitCode::io;
}

}  // namespace cmcctl::cli
