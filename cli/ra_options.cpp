#include "ra_options.hpp"

#include <algorithm>
#include <charconv>

#include <cmcctl/cmc/extensions.hpp>

namespace cmcctl::cli {
namespace {

using Ids = std::vector<BodyPartID>;

Error refusal(const std::string& option, const std::string& problem) {
  return {Errc::not_encodable, 0, option, {}, problem};
}

/// "1,2" or "1.2", by its separator.
Result<Ids> ids_of(std::string_view text, char separator, const std::string& option) {
  Ids ids;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::uint32_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + end, number);
    if (error != std::errc{} || rest != text.data() + end) {
      return refusal(option, "'" + std::string(text) + "' is no list of body part identifiers");
    }
    ids.emplace_back(number);
    if (end == text.size()) return ids;
    text.remove_prefix(end + 1);
  }
}

Result<void> check_reference(const PkiDataBuilder& data, BodyPartID id, const std::string& option) {
  if (data.is_taken(id)) return {};
  return Error{Errc::not_encodable, 0, option, "CMC-5272-3.2.2-07",
               "no part of the message has the identifier " + std::to_string(id.value()) +
                   "; --dry-run shows those that there are"};
}

/// "[NESTED:]ID,...": requests of this message, or of one in cmsSequence.
struct RequestReferences {
  BodyPartID pki_data;
  Ids ids;
};

Result<RequestReferences> references_of(const PkiDataBuilder& data, std::string_view text, const std::string& option) {
  RequestReferences references;
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    CMC_TRY(const Ids nested, ids_of(text.substr(0, colon), ',', option));
    references.pki_data = nested.front();
    CMC_CHECK(check_reference(data, references.pki_data, option));
    text.remove_prefix(colon + 1);
  }
  CMC_TRY(references.ids, ids_of(text, ',', option));
  if (references.pki_data.value() != 0) return references;
  for (const BodyPartID id : references.ids) CMC_CHECK(check_reference(data, id, option));
  return references;
}

Result<void> add_lra_pop(PkiDataBuilder& data, const std::string& text) {
  CMC_TRY(const RequestReferences references, references_of(data, text, "--lra-pop"));
  CMC_CHECK(data.lra_pop_witness({references.pki_data, List<BodyPartID>(references.ids)}));
  return {};
}

Result<void> add_extension(PkiDataBuilder& data, const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos) return refusal("--add-ext", "--add-ext wants [NESTED:]ID,...=OID=DER");
  CMC_TRY(const RequestReferences references, references_of(data, text.substr(0, sign), "--add-ext"));
  CMC_TRY(const RequestedExtension wanted, extension_from_text(text.substr(sign + 1)));
  const auto oid = *oid_content(wanted.oid);
  const Extension extension{Oid{oid}, {wanted.critical}, wanted.value, {}};
  CMC_CHECK(data.add_extensions({references.pki_data, List<BodyPartID>(references.ids),
                                 List<Extension>(std::span<const Extension>(&extension, 1))}));
  return {};
}

/// "1,5.2": each a body part of this message, or a path into one of those inside.
Result<void> add_control_processed(PkiDataBuilder& data, std::string_view text) {
  std::vector<Ids> paths;
  for (bool more = true; more;) {
    const std::size_t end = std::min(text.find(','), text.size());
    CMC_TRY(Ids path, ids_of(text.substr(0, end), '.', "--control-processed"));
    CMC_CHECK(check_reference(data, path.front(), "--control-processed"));
    paths.push_back(std::move(path));
    more = end != text.size();
    text.remove_prefix(more ? end + 1 : end);
  }
  std::vector<BodyPartReference> references;
  for (const Ids& path : paths) {
    BodyPartReference& reference = references.emplace_back();
    reference.choice = path.front();
    if (path.size() > 1) reference.choice = BodyPartPath{List<BodyPartID>(path)};
  }
  CMC_CHECK(data.control_processed({List<BodyPartReference>(references)}));
  return {};
}

}  // namespace

void add_ra_options(Command command, RaOptions& options) {
  const std::string group = "Registration authorities";
  command.add_flag("--batch", options.batch, "batchRequests with all CMC messages").group(group);
  command
      .add_option("--lra-pop", options.lra_pop, "Possession was proved to us: lraPOPWitness; NESTED is a CMC message")
      .type_name("[NESTED:]ID,...")
      .group(group);
  command
      .add_option("--add-ext", options.add_extensions, "addExtensions: an extension for requests, as in request p10")
      .type_name("[NESTED:]ID,...=EXT")
      .group(group);
  command
      .add_option("--control-processed", options.control_processed, "Controls that need no more processing: 2 or 5.2")
      .type_name("PATH,...")
      .group(group);
}

Result<void> add_ra_controls(PkiDataBuilder& data, const RaOptions& options, std::span<const BodyPartID> nested) {
  if (options.batch && nested.empty()) {
    return Error{Errc::not_encodable, 0, "batchRequests", "CMC-5272-3.2.2-06",
                 "--batch wants CMC messages among the files; requests alone need no batch (RFC 10002 section 6.17)"};
  }
  if (options.batch) CMC_CHECK(data.batch_requests(nested));
  for (const std::string& text : options.lra_pop) CMC_CHECK(add_lra_pop(data, text));
  for (const std::string& text : options.add_extensions) CMC_CHECK(add_extension(data, text));
  if (!options.control_processed.empty()) CMC_CHECK(add_control_processed(data, options.control_processed));
  return {};
}

}  // namespace cmcctl::cli
