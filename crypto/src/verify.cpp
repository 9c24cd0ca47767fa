#include <cmcctl/crypto/verify.hpp>

#include <algorithm>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/authenticated.hpp>
#include <cmcctl/crypto/cms_path.hpp>
#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "request_checks.hpp"
#include "signer_checks.hpp"

namespace cmcctl {
namespace {

class Verifier {
 public:
  Verifier(Decoder& decoder, const VerifyOptions& options, std::size_t levels)
      : decoder_(decoder), options_(options), levels_(levels) {}

  VerifyReport run(const Message& message) {
    layer(message.layer);
    if (!message.errors.empty()) {
      const Error& first = message.errors.front();
      add({"content", "a part that does not decode", first.path, first.offset,
           {{"decoding", Verdict::fail, to_string(first), first.rule, "what cannot be read cannot be verified"}}});
    }
    if (options_.more) options_.more(decoder_, message, report_.parts);
    report_.verdict = report_.parts.empty() ? Verdict::unknown : Verdict::pass;
    for (const VerifiedPart& part : report_.parts) {
      const Verdict verdict = worst(part.checks);
      if (verdict == Verdict::fail || (verdict == Verdict::unknown && report_.verdict == Verdict::pass)) report_.verdict = verdict;
    }
    return std::move(report_);
  }

 private:
  void layer(const Layer& layer);
  void signed_data(const Layer& layer, const SignedData& data);
  void signer(const Layer& layer, const SignedData& data, std::size_t index);
  void certificates(const Layer& layer);
  void requests(const Layer& layer);
  void closed(const Layer& layer, std::string_view what, std::string hint);
  void opened(const Layer& layer, std::string_view what, Result<OpenedContent> result);
  void inside(const OpenedContent& opened, const std::string& path);
  void path_of(VerifiedPart& part, const X509Certificate& certificate, Purpose purpose);

  const X509Certificate* find_certificate(const SignerIdentifier& sid) const;
  Result<X509Certificate> certificate_of(Octets der) const;
  void learn(const SignedData& data);
  void add(VerifiedPart part) { report_.parts.push_back(std::move(part)); }
  std::size_t offset_of(Octets bytes) const { return decoder_.offset_of(bytes); }

  Decoder& decoder_;
  const VerifyOptions& options_;
  std::size_t levels_;  // of encryption around this message
  VerifyReport report_;
  const Layer::Cms* outermost_ = nullptr;
  std::vector<X509Certificate> pool_;  // of the user, and of the message: candidates, not trusted
  std::vector<X509Crl> crls_;
};

bool matches(const X509Certificate& certificate, const SignerIdentifier& sid) {
  if (const auto* key = std::get_if<SubjectKeyIdentifier>(&sid.choice)) {
    return certificate.subject_key_identifier() == key->value;
  }
  const auto& name = std::get<IssuerAndSerialNumber>(sid.choice);
  return certificate.issuer() == name.issuer.der && certificate.tbs().serial_number == name.serial_number;
}

std::string text_of(const SignerIdentifier& sid) {
  if (const auto* key = std::get_if<SubjectKeyIdentifier>(&sid.choice)) return "key identifier " + hex(key->value);
  const auto& name = std::get<IssuerAndSerialNumber>(sid.choice);
  return "serial number 0x" + hex(name.serial_number.content) + " of " + name_text(name.issuer.der);
}

// One that the user gave is not decoded again.
Result<X509Certificate> Verifier::certificate_of(Octets der) const {
  for (const auto& given : {options_.anchors, options_.certificates}) {
    const auto found = std::ranges::find(given, der, &X509Certificate::der);
    if (found != given.end()) return *found;
  }
  return X509Certificate::from_der(der, decoder_.limits());
}

void Verifier::learn(const SignedData& data) {
  pool_.assign(options_.certificates.begin(), options_.certificates.end());
  crls_.assign(options_.crls.begin(), options_.crls.end());
  if (data.certificates) {
    for (const Any& element : *data.certificates) {
      if (element.der[0] != tlv::sequence) continue;
      auto certificate = certificate_of(decoder_.original(element.der));
      if (certificate) pool_.push_back(*std::move(certificate));
    }
  }
  // The message's own CRLs are signed, so they may be asked, but only where the user wants revocation looked up.
  if (!data.crls || options_.crls.empty()) return;
  for (const Any& element : *data.crls) {
    if (element.der[0] != tlv::sequence) continue;
    auto crl = X509Crl::from_der(decoder_.original(element.der), decoder_.limits());
    if (crl) crls_.push_back(*std::move(crl));
  }
}

const X509Certificate* Verifier::find_certificate(const SignerIdentifier& sid) const {
  for (const auto& from : {std::span<const X509Certificate>(pool_), options_.anchors}) {
    for (const X509Certificate& certificate : from) {
      if (matches(certificate, sid)) return &certificate;
    }
  }
  return nullptr;
}

void Verifier::path_of(VerifiedPart& part, const X509Certificate& certificate, Purpose purpose) {
  PathOptions options{options_.time, purpose, options_.anchors, pool_, crls_, options_.allow_sha1};
  PathResult result = validate_path(certificate, options, decoder_.limits());
  std::ranges::move(result.checks, std::back_inserter(part.checks));
  part.certificates = std::move(result.path);
}

Purpose usual_purpose(const Layer& layer) {
  return std::holds_alternative<PKIResponse>(layer.content) ? Purpose::responder : Purpose::signer;
}

void Verifier::signer(const Layer& layer, const SignedData& data, std::size_t index) {
  const SignerInfo& info = data.signer_infos[index];
  SignedContent content = signed_content(data.encap_content_info);
  if (!content.octets && &layer.cms == outermost_) content.octets = options_.detached_content;
  VerifiedPart part{"signer", {}, cms_path(layer) + ".signerInfos[" + std::to_string(index) + "]",
                    offset_of(info.source.bytes), {}};
  if (const X509Certificate* const certificate = find_certificate(info.sid)) {
    part.name = certificate->subject_text();
    part.checks = check_signer(decoder_, info, content, &certificate->public_key(), options_.allow_sha1);
    path_of(part, *certificate, options_.purpose.value_or(usual_purpose(layer)));
  } else if (const auto own = key_of_request(decoder_, layer.content, info.sid)) {
    part.name = own->name;
    part.by_request_key = true;
    part.checks = check_signer(decoder_, info, content, &own->key, options_.allow_sha1);
    part.checks.push_back({"path", Verdict::unknown, "signed with the key of a request, for which there is no certificate yet", {},
                           "who sent it has to be proved by a shared secret"});
  } else {
    part.name = text_of(info.sid);
    part.checks = check_signer(decoder_, info, content, nullptr, options_.allow_sha1);
    part.checks.push_back({"path", Verdict::unknown, "the signer's certificate is not in the message", {}, "give it with --cert FILE"});
  }
  add(std::move(part));
}

void Verifier::signed_data(const Layer& layer, const SignedData& data) {
  learn(data);
  if (data.signer_infos.empty()) {
    if (layer.kind == MessageKind::simple_pki_response) return certificates(layer);
    add({"content", "SignedData without signers", cms_path(layer), offset_of(data.source.bytes),
         {{"signature", Verdict::fail, "nobody has signed this", {}, "do not rely on anything in it"}}});
  }
  for (std::size_t i = 0; i < data.signer_infos.size(); ++i) signer(layer, data, i);
}

// A certs-only message is as good as the certificates in it: each that issued none of the others needs a path.
void Verifier::certificates(const Layer& layer) {
  const auto& data = std::get<SignedData>(layer.cms);
  if (!data.certificates) return;
  for (std::size_t i = 0; i < data.certificates->size(); ++i) {
    const Any& element = (*data.certificates)[i];
    if (element.der[0] != tlv::sequence) continue;
    VerifiedPart part{"certificate", "", cms_path(layer) + ".certificates[" + std::to_string(i) + "]", offset_of(element.der), {}};
    const auto certificate = X509Certificate::from_der(decoder_.original(element.der), decoder_.limits());
    if (!certificate) {
      part.checks.push_back({"decoding", Verdict::fail, to_string(certificate.error()), certificate.error().rule, {}});
      add(std::move(part));
      continue;
    }
    const bool issuer = std::ranges::any_of(pool_, [&](const X509Certificate& other) {
      return !(other == *certificate) && other.issuer() == certificate->subject();
    });
    if (issuer) continue;
    part.name = certificate->subject_text();
    path_of(part, *certificate, Purpose::any);
    add(std::move(part));
  }
}

void Verifier::closed(const Layer& layer, std::string_view what, std::string hint) {
  add({"content", std::string(what), layer.content_path, offset_of(layer.bytes),
       {{"content", Verdict::unknown, "the content is not open", {}, std::move(hint)}}});
}

// What is inside is verified as a message of its own. Of AuthenticatedData it is a layer already.
void Verifier::inside(const OpenedContent& opened, const std::string& path) {
  const std::string type = to_string(opened.content_type);
  ContentInfo info;
  info.content_type = opened.content_type;
  info.content = Any{opened.content};
  Decoder decoder(decoder_.limits());
  const auto der = type == oids::data ? Result<std::vector<std::uint8_t>>(std::vector<std::uint8_t>(opened.content.begin(), opened.content.end())) : encode(info);
  const auto message = der ? open_message(decoder, Octets(*der), Oddities::skip) : Result<Message>(der.error());
  if (!message) {
    add({"content", "what was encrypted", path, 0, {{"decoding", Verdict::unknown, to_string(message.error()), {}, "cmcctl cms decrypt writes it to a file"}}});
    return;
  }
  VerifyReport report = Verifier(decoder, options_, levels_ + 1).run(*message);
  for (VerifiedPart& part : report.parts) {
    part.path = path + "." + part.path;
    add(std::move(part));
  }
}

void Verifier::opened(const Layer& layer, std::string_view what, Result<OpenedContent> result) {
  VerifiedPart part{"content", std::string(what), layer.content_path, offset_of(layer.bytes), {}};
  if (!result) {
    const Error& error = result.error();
    const bool wrong = error.code == Errc::decryption_failed || error.code == Errc::bad_algorithm;
    part.checks.push_back({"content", wrong ? Verdict::fail : Verdict::unknown,
                           error.detail.empty() ? std::string(error_info(error.code).sentence) : error.detail, error.rule,
                           "give what opens it with --key FILE or --password SOURCE"});
    return add(std::move(part));
  }
  // A signature inside is better than the cipher's word for it.
  const std::string type = to_string(result->content_type);
  const bool judged_inside = type == oids::signed_data || type == oids::authenticated_data;
  if (judged_inside) std::erase_if(result->checks, [](const Check& check) { return check.name == "authenticity"; });
  part.checks = result->checks;
  const bool good = worst(part.checks) != Verdict::fail;
  add(std::move(part));
  if (!good || std::holds_alternative<AuthenticatedData>(layer.cms)) return;
  if (levels_ == decoder_.limits().layers) return closed(layer, what, "raise the limit: --limit layers=N");
  inside(*result, layer.content_path);
}

void Verifier::requests(const Layer& layer) {
  for (RequestChecks& request : check_requests(decoder_, layer, options_)) {
    add({"request", std::move(request.name), std::move(request.path), request.offset, std::move(request.checks)});
  }
}

void Verifier::layer(const Layer& layer) {
  if (outermost_ == nullptr) outermost_ = &layer.cms;
  if (const auto* data = std::get_if<SignedData>(&layer.cms)) signed_data(layer, *data);
  if (const auto* data = std::get_if<EnvelopedData>(&layer.cms)) opened(layer, "EnvelopedData", open_enveloped(decoder_, *data, options_.keys, decoder_.limits()));
  if (const auto* data = std::get_if<AuthEnvelopedData>(&layer.cms)) opened(layer, "AuthEnvelopedData", open_enveloped(decoder_, *data, options_.keys, decoder_.limits()));
  if (const auto* data = std::get_if<AuthenticatedData>(&layer.cms)) opened(layer, "AuthenticatedData", open_authenticated(decoder_, *data, options_.keys, decoder_.limits()));
  if (std::holds_alternative<EncryptedData>(layer.cms)) closed(layer, "EncryptedData", "decrypt it first");
  if (const auto* certificate = std::get_if<Certificate>(&layer.content)) {
    VerifiedPart part{"certificate", "", layer.path, offset_of(certificate->source.bytes), {}};
    pool_.assign(options_.certificates.begin(), options_.certificates.end());
    crls_.assign(options_.crls.begin(), options_.crls.end());
    if (const auto own = X509Certificate::from_der(decoder_.original(layer.bytes), decoder_.limits())) {
      part.name = own->subject_text();
      path_of(part, *own, options_.purpose.value_or(Purpose::any));
    } else {
      part.checks.push_back({"decoding", Verdict::fail, to_string(own.error()), own.error().rule, {}});
    }
    add(std::move(part));
  }
  requests(layer);
  for (const Layer& nested : layer.nested) this->layer(nested);
}

}  // namespace

// The path of the content leads on to the content, and that of a nested message has its outer ones in it.
std::string cms_path(const Layer& layer) {
  return layer.content_path.substr(0, layer.content_path.find(".encapContentInfo", layer.path.size()));
}

VerifyReport verify_message(Decoder& decoder, const Message& message, const VerifyOptions& options) {
  return Verifier(decoder, options, 0).run(message);
}

}  // namespace cmcctl
