#include <cmcctl/crypto/crl.hpp>

#include <algorithm>

#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {

struct X509Crl::State {
  State(Octets bytes, const Limits& limits) : der(bytes.begin(), bytes.end()), decoder(limits) {}

  std::vector<std::uint8_t> der;
  Decoder decoder;
  CertificateList list;
  TBSCertList tbs;
};

Result<X509Crl> X509Crl::from_der(Octets der, const Limits& limits) {
  auto state = std::make_shared<State>(der, limits);
  CMC_TRY(state->list, state->decoder.decode<CertificateList>(Octets(state->der)));
  CMC_TRY(state->tbs, state->decoder.decode<TBSCertList>(state->list.tbs_cert_list));
  return X509Crl(std::move(state));
}

X509Crl::X509Crl(std::shared_ptr<State> state) : state_(std::move(state)) {}

Octets X509Crl::signed_octets() const { return state_->decoder.original(state_->list.tbs_cert_list.der); }
const CertificateList& X509Crl::list() const { return state_->list; }
const TBSCertList& X509Crl::tbs() const { return state_->tbs; }
Decoder& X509Crl::decoder() const { return state_->decoder; }

const Extension* X509Crl::extension(std::string_view dotted) const {
  if (!tbs().crl_extensions) return nullptr;
  const auto& extensions = tbs().crl_extensions->extensions;
  const auto found = std::ranges::find_if(
      extensions, [&](const Extension& extension) { return oids::is(extension.extn_id, dotted); });
  return found == extensions.end() ? nullptr : &*found;
}

// Entries are compared as bytes and only the one that fits is decoded: lists have 100,000 of them.
Result<std::optional<RevokedCertificate>> X509Crl::find(const Integer& serial_number) const {
  if (!tbs().revoked_certificates) return std::optional<RevokedCertificate>();
  for (tlv::Cursor entries(tlv::first(tbs().revoked_certificates->der).content); !entries.at_end();) {
    const tlv::Element entry = entries.next();
    if (entry.content.empty() || tlv::first(entry.content).content != serial_number.content) continue;
    CMC_TRY(RevokedCertificate decoded, state_->decoder.decode<RevokedCertificate>(entry.whole));
    return std::optional(decoded);
  }
  return std::optional<RevokedCertificate>();
}

}  // namespace cmcctl
