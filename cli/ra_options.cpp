#include "ra_options.hpp"

#include <algorithm>

#include <cmcctl/cmc/extensions.hpp>

#include "part_references.hpp"
#include "template_changes.hpp"

namespace cmcctl::cli {
namespace {

/// The controls that are older than paths name one nested message by its identifier.
Result<BodyPartID> one_id(const RequestReferences& references, const std::string& option) {
  if (references.pki_data.size() == 1) return references.pki_data.front();
  return wrong_reference(option, "NESTED is one identifier here: a message inside another one has its own RA control");
}

Result<void> add_lra_pop(PkiDataBuilder& data, const std::string& text) {
  CMC_TRY(const RequestReferences references, references_of(data, text, "--lra-pop"));
  CMC_TRY(const BodyPartID pki_data, one_id(references, "--lra-pop"));
  CMC_CHECK(data.lra_pop_witness({pki_data, List<BodyPartID>(references.ids)}));
  return {};
}

Result<void> add_extension(PkiDataBuilder& data, const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos) return wrong_reference("--add-ext", "--add-ext wants [NESTED:]ID,...=OID=DER");
  CMC_TRY(const RequestReferences references, references_of(data, text.substr(0, sign), "--add-ext"));
  CMC_TRY(const BodyPartID pki_data, one_id(references, "--add-ext"));
  CMC_TRY(const RequestedExtension wanted, extension_from_text(text.substr(sign + 1)));
  const auto oid = *oid_content(wanted.oid);
  const Extension extension{Oid{oid}, {wanted.critical}, wanted.value, {}};
  CMC_CHECK(data.add_extensions({pki_data, List<BodyPartID>(references.ids),
                                 List<Extension>(std::span<const Extension>(&extension, 1))}));
  return {};
}

/// "1,5.2": each a body part of this message, or a path into one of those inside.
Result<void> add_control_processed(PkiDataBuilder& data, std::string_view text) {
  std::vector<BodyPartIds> paths;
  for (bool more = true; more;) {
    const std::size_t end = std::min(text.find(','), text.size());
    CMC_TRY(BodyPartIds path, part_path(data, text.substr(0, end), "--control-processed"));
    paths.push_back(std::move(path));
    more = end != text.size();
    text.remove_prefix(more ? end + 1 : end);
  }
  std::vector<BodyPartReference> references;
  for (const BodyPartIds& path : paths) {
    BodyPartReference& reference = references.emplace_back();
    reference.choice = path.front();
    if (path.size() > 1) reference.choice = BodyPartPath{List<BodyPartID>(path)};
  }
  CMC_CHECK(data.control_processed({List<BodyPartReference>(references)}));
  return {};
}

Result<void> add_ra_identity(PkiDataBuilder& data, const std::string& text) {
  CMC_TRY(const BodyPartIds path, part_path(data, text, "--ra-identity"));
  CMC_CHECK(data.ra_identity_witness(path));
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
      .add_option("--ra-identity", options.ra_identity,
                  "Identity was proved to us: raIdentityWitness for an identity proof or a request, 2 or 5.2")
      .type_name("PATH")
      .group(group);
  command
      .add_option("--modify", options.modify,
                  "modCertTemplate: subject, not-before, not-after or ext of requests gets this value")
      .type_name("[NESTED:]ID,...=FIELD=VALUE")
      .group(group);
  command
      .add_option("--remove", options.remove, "modCertTemplate: subject, validity or an extension is left out")
      .type_name("[NESTED:]ID,...=FIELD")
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
  for (const std::string& text : options.ra_identity) CMC_CHECK(add_ra_identity(data, text));
  CMC_CHECK(add_template_changes(data, options.modify, options.remove));
  for (const std::string& text : options.add_extensions) CMC_CHECK(add_extension(data, text));
  if (!options.control_processed.empty()) CMC_CHECK(add_control_processed(data, options.control_processed));
  return {};
}

}  // namespace cmcctl::cli
