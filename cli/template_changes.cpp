#include "template_changes.hpp"

#include <map>
#include <utility>

#include <cmcctl/cmc/crmf.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/names.hpp>

#include "part_references.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

// What is wanted for each group of requests, by the text that names them.
using Changes = std::map<std::string, CertRequestOptions>;

struct Change {
  std::string requests;
  std::string field;
  std::string value;
};

Change split(const std::string& text) {
  Change change;
  const std::size_t first = text.find('=');
  if (first == std::string::npos) return change;
  change.requests = text.substr(0, first);
  const std::size_t second = text.find('=', first + 1);
  change.field = text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
  if (second != std::string::npos) change.value = text.substr(second + 1);
  return change;
}

Result<void> replace_field(CertRequestOptions& wanted, const Change& change, const std::string& option) {
  if (change.field == "subject") {
    CMC_TRY(wanted.subject, parse_name(change.value));
  } else if (change.field == "ext") {
    CMC_TRY(RequestedExtension extension, extension_from_text(change.value));
    wanted.extensions.push_back(std::move(extension));
  } else if (change.field == "not-before" || change.field == "not-after") {
    const auto time = change.value.empty() ? std::nullopt : time_of(change.value);
    if (!time)
      return wrong_reference(option, "'" + change.value + "' is no time; 2027-01-31 and 2027-01-31T12:00:00Z are");
    (change.field == "not-before" ? wanted.not_before : wanted.not_after) = time;
  } else {
    return wrong_reference(
        option, "no field is called '" + change.field + "'; there are subject, not-before, not-after and ext");
  }
  return {};
}

// The field has to be there, and what it holds does not count.
Result<void> remove_field(CertRequestOptions& wanted, const Change& change, const std::string& option) {
  if (change.field == "subject") {
    CMC_TRY(wanted.subject, parse_name(""));
    return {};
  }
  if (change.field == "validity") {
    wanted.not_before = wanted.not_after = 0;
    return {};
  }
  const OidEntry* const named = find_oid_by_name(change.field);
  const std::string dotted = named != nullptr ? std::string(named->dotted) : change.field;
  if (!oid_content(dotted)) {
    return wrong_reference(option,
                           "no field or extension is called '" + change.field + "'; there are subject and validity");
  }
  wanted.extensions.push_back({dotted, false, {}});
  return {};
}

Result<void> add_all(PkiDataBuilder& data, const Changes& changes, bool replace, const std::string& option) {
  for (const auto& [requests, wanted] : changes) {
    CMC_TRY(const RequestReferences references, references_of(data, requests, option));
    CMC_TRY(const std::vector<std::uint8_t> der, make_cert_template(wanted));
    Decoder decoder;
    ModCertTemplate change{{List<BodyPartID>(references.pki_data)}, {List<BodyPartID>(references.ids)}, {replace}, {}};
    CMC_TRY(change.cert_template, decoder.decode<CertTemplate>(Octets(der)));
    CMC_CHECK(data.mod_cert_template(change));
  }
  return {};
}

Result<void> add_changes(PkiDataBuilder& data, std::span<const std::string> texts, bool replace) {
  const std::string option = replace ? "--modify" : "--remove";
  Changes changes;
  for (const std::string& text : texts) {
    const Change change = split(text);
    if (change.field.empty())
      return wrong_reference(option, "wanted is [NESTED:]ID,...=FIELD" + std::string(replace ? "=VALUE" : ""));
    CertRequestOptions& wanted = changes[change.requests];
    CMC_CHECK(replace ? replace_field(wanted, change, option) : remove_field(wanted, change, option));
  }
  return add_all(data, changes, replace, option);
}

}  // namespace

Result<void> add_template_changes(PkiDataBuilder& data, std::span<const std::string> replace,
                                  std::span<const std::string> remove) {
  CMC_CHECK(add_changes(data, replace, true));
  return add_changes(data, remove, false);
}

}  // namespace cmcctl::cli
