#include <cmcctl/crypto/certificate.hpp>

#include <algorithm>
#include <ctime>
#include <map>
#include <typeindex>
#include <utility>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {

std::optional<std::int64_t> seconds_of(const Time& time) {
  const auto text = to_iso8601(time);
  constexpr std::size_t plain_length = 20;  // 2026-11-21T03:52:44Z
  if (!text || text->size() != plain_length || text->back() != 'Z') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t count) {
    int value = 0;
    for (const char digit : std::string_view(*text).substr(at, count)) value = 10 * value + (digit - '0');
    return value;
  };
  std::tm utc{};
  utc.tm_year = number(0, 4) - 1900;
  utc.tm_mon = number(5, 2) - 1;
  utc.tm_mday = number(8, 2);
  utc.tm_hour = number(11, 2);
  utc.tm_min = number(14, 2);
  utc.tm_sec = number(17, 2);
  return timegm(&utc);
}

struct X509Certificate::State {
  State(Octets bytes, const Limits& given) : limits(given), der(bytes.begin(), bytes.end()), decoder(given) {}

  Limits limits;
  std::vector<std::uint8_t> der;
  Decoder decoder;
  Certificate certificate;
  TBSCertificate tbs;
  Octets signed_octets;
  std::int64_t not_before = 0;
  std::int64_t not_after = 0;
  std::string subject_text;
  std::optional<Result<PublicKey>> key;
  std::map<std::pair<const Extension*, std::type_index>, std::shared_ptr<const void>> values;
};

Result<X509Certificate> X509Certificate::from_der(Octets der, const Limits& limits) {
  auto state = std::make_shared<State>(der, limits);
  CMC_TRY(state->certificate, state->decoder.decode<Certificate>(Octets(state->der)));
  CMC_TRY(state->tbs, state->decoder.decode<TBSCertificate>(state->certificate.tbs_certificate));
  state->signed_octets = state->decoder.original(state->certificate.tbs_certificate.der);
  const auto from = seconds_of(state->tbs.validity.not_before);
  const auto to = seconds_of(state->tbs.validity.not_after);
  if (!from || !to) {
    return Error{Errc::bad_string, state->decoder.offset_of(state->tbs.validity.not_before.text),
                 "TBSCertificate.validity", "CMC-5280-4.1.2.5.2-01", "a date without seconds or with another zone than Z"};
  }
  state->subject_text = name_text(state->tbs.subject.der);
  if (state->subject_text.empty()) state->subject_text = "serial number 0x" + hex(state->tbs.serial_number.content);
  state->not_before = *from;
  state->not_after = *to;
  return X509Certificate(std::move(state));
}

X509Certificate::X509Certificate(std::shared_ptr<State> state) : state_(std::move(state)) {}

Octets X509Certificate::der() const { return state_->der; }
Octets X509Certificate::signed_octets() const { return state_->signed_octets; }
const Certificate& X509Certificate::certificate() const { return state_->certificate; }
const TBSCertificate& X509Certificate::tbs() const { return state_->tbs; }
std::int64_t X509Certificate::not_before() const { return state_->not_before; }
std::int64_t X509Certificate::not_after() const { return state_->not_after; }
Decoder& X509Certificate::decoder() const { return state_->decoder; }

const std::string& X509Certificate::subject_text() const { return state_->subject_text; }

const Result<PublicKey>& X509Certificate::public_key() const {
  if (!state_->key) state_->key = PublicKey::from_spki(tbs().subject_public_key_info.der, state_->limits);
  return *state_->key;
}

const Extension* X509Certificate::extension(std::string_view dotted) const {
  if (!tbs().extensions) return nullptr;
  const auto& extensions = tbs().extensions->extensions;
  const auto found = std::ranges::find_if(
      extensions, [&](const Extension& extension) { return oids::is(extension.extn_id, dotted); });
  return found == extensions.end() ? nullptr : &*found;
}

Octets X509Certificate::subject_key_identifier() const {
  const Extension* const found = extension(oids::subject_key_identifier);
  if (found == nullptr) return {};
  const auto value = decoder().scan(found->extn_value);
  return value && value->der[0] == tlv::octet_string ? tlv::first(value->der).content : Octets();
}

std::shared_ptr<const void>& X509Certificate::kept_value(const Extension& extension, const std::type_info& type) const {
  return state_->values[{&extension, type}];
}

bool X509Certificate::is_ca() const {
  const auto constraints = extension_value<BasicConstraints>(oids::basic_constraints);
  return constraints && constraints->ca;
}

bool X509Certificate::has_purpose(std::string_view dotted) const {
  const auto usage = extension_value<ExtKeyUsageSyntax>(oids::ext_key_usage);
  return usage && std::ranges::any_of(usage->purposes, [&](const Oid& oid) { return oids::is(oid, dotted); });
}

}  // namespace cmcctl
