#include "existing_certificate.hpp"

#include <algorithm>
#include <vector>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {
namespace {

constexpr std::string_view name = "existing certificate";
constexpr std::string_view rule = "CMC-6402-2.4-01";

using Bytes = std::vector<std::uint8_t>;

Result<std::vector<Bytes>> general_names(Decoder& decoder, Octets extn_value) {
  std::vector<Bytes> list;
  if (extn_value.empty()) return list;
  CMC_TRY(const auto names, decoder.decode<GeneralNames>(extn_value));
  for (const GeneralName& one : names.names) {
    CMC_TRY(Bytes der, encode(one));
    list.push_back(std::move(der));
  }
  std::ranges::sort(list);
  return list;
}

Result<std::vector<Bytes>> names_of(Decoder& decoder, const Extension* extension) {
  return general_names(decoder, extension == nullptr ? Octets() : extension->extn_value);
}

std::string alt_names_text(std::size_t count) {
  if (count == 0) return "subject";
  return "subject and " + std::to_string(count) + (count == 1 ? " alternative name" : " alternative names");
}

std::string first_text(Decoder& decoder, const std::vector<Bytes>& from, const std::vector<Bytes>& without) {
  for (const Bytes& der : from) {
    if (std::ranges::binary_search(without, der)) continue;
    const auto decoded = decoder.decode<GeneralName>(Octets(der));
    return decoded ? escape(general_name_text(*decoded)) : "a name";
  }
  return {};
}

// Nothing is wrong with it as such: agents ask for others, and a certificate may lead to a new one.
Check other_names(const std::string& difference) {
  return {name, Verdict::skipped, difference + ": this is no renewal", rule,
          "the CA has to let that signer ask for it; a renewal copies the names of the certificate that signs"};
}

}  // namespace

ExistingCertificate::ExistingCertificate(const X509Certificate& signer)
    : subject_(signer.subject()),
      subject_text_(name_text(subject_)),
      names_(names_of(signer.decoder(), signer.extension(oids::subject_alt_name))) {}

Check ExistingCertificate::check(Decoder& decoder, const RequestPart& request) const {
  const Octets wanted = request.subject ? request.subject->der : Octets();
  if (wanted != subject_ && (wanted.empty() || name_text(wanted) != subject_text_)) {
    return other_names("another subject than " + escape(subject_text_, 200) + ", who signs");
  }
  const auto asked = general_names(decoder, request.subject_alt_name);
  if (!asked) return {name, Verdict::fail, "subjectAltName: " + to_string(asked.error()), asked.error().rule, {}};
  if (!names_) return {name, Verdict::fail, "subjectAltName of the signer: " + to_string(names_.error()), {}, {}};
  if (const std::string more = first_text(decoder, *asked, *names_); !more.empty()) {
    return other_names("asks for " + more + ", which the certificate that signs does not have");
  }
  if (const std::string less = first_text(decoder, *names_, *asked); !less.empty()) {
    return other_names("leaves out " + less + ", which the certificate that signs has");
  }
  std::string text = alt_names_text(asked->size()) + " of the certificate that signs";
  if (request.changes_name) text += "; changeSubjectName asks for another name";
  return {name, Verdict::pass, std::move(text), {}, {}};
}

}  // namespace cmcctl
