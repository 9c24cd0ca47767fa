#include "extract.hpp"

#include <set>
#include <type_traits>
#include <utility>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>

namespace cmcctl::cli {
namespace {

constexpr std::uint8_t sequence = 0x30;

class Extractor {
 public:
  Extractor(Decoder& decoder, Part part) : decoder_(decoder), part_(part) {}

  std::vector<Piece> extract(const Layer& outermost) {
    layer(outermost);
    return std::move(pieces_);
  }

 private:
  void layer(const Layer& layer) {
    std::visit([this](const auto& cms) { structure(cms); }, layer.cms);
    std::visit([this](const auto& content) { this->content(content); }, layer.content);
    for (const Layer& nested : layer.nested) this->layer(nested);
  }

  template <class Cms>
  void structure(const Cms& cms) {
    if constexpr (requires { cms.certificates; }) sets(cms.certificates, cms.crls);
    if constexpr (requires { cms.originator_info; }) {
      if (cms.originator_info) sets(cms.originator_info->certs, cms.originator_info->crls);
    }
    if constexpr (requires { cms.encap_content_info; }) {
      if (part_ == Part::econtent) econtent(cms.encap_content_info);
    }
  }

  void econtent(const EncapsulatedContentInfo& info) {
    const auto octets = content_octets(info);
    if (!octets) return;
    const bool in_string = octets->data() != info.e_content->der.data();
    add(std::nullopt, in_string ? std::vector<std::uint8_t>(octets->begin(), octets->end()) : as_it_came(*octets), {});
  }

  void sets(const std::optional<List<Any>>& certificates, const std::optional<List<Any>>& crls) {
    // Of the other choices (attribute certificates, OCSP responses) none is an untagged SEQUENCE.
    if (part_ == Part::certs && certificates) {
      for (const Any& element : *certificates) {
        if (element.der[0] == sequence) certificate(element.der);
      }
    }
    if (part_ == Part::crl && crls) {
      for (const Any& element : *crls) {
        if (element.der[0] == sequence) crl(element.der);
      }
    }
  }

  void content(const std::monostate&) {}
  void content(const Octets&) {}
  void content(const PKIResponse&) {}
  void content(const Certificate& value) {
    if (part_ == Part::certs) certificate(value.source.bytes);
  }
  void content(const CertificateList& value) {
    if (part_ == Part::crl) crl(value.source.bytes);
  }
  void content(const OpenedRequest& opened) { certification_request(opened.request.source.bytes); }
  void content(const CertReqMsg& message) { cert_req_msg(message.source.bytes); }
  void content(const CertReqMessages& list) {
    for (const CertReqMsg& message : list.messages) cert_req_msg(message.source.bytes);
  }
  void content(const PKIData& data) {
    for (const TaggedRequest& request : data.req_sequence) {
      if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
        certification_request(tcr->certification_request.der);
      } else if (std::holds_alternative<CertReqMsg>(request.choice)) {
        cert_req_msg(request.source.bytes);
      }
    }
  }

  void certificate(Octets der) {
    auto bytes = as_it_came(der);
    if (!seen_.insert(bytes).second) return;
    std::string comment;
    const auto value = decoder_.decode<Certificate>(Any{der, true});
    if (value) {
      if (const auto tbs = decoder_.decode<TBSCertificate>(value->tbs_certificate)) {
        comment =
            "subject=" + escape(name_text(tbs->subject.der)) + "\nissuer=" + escape(name_text(tbs->issuer.der)) + "\n";
      }
    }
    add(MessageKind::certificate, std::move(bytes), std::move(comment));
  }

  void crl(Octets der) {
    auto bytes = as_it_came(der);
    if (!seen_.insert(bytes).second) return;
    std::string comment;
    const auto value = decoder_.decode<CertificateList>(Any{der, true});
    if (value) {
      if (const auto tbs = decoder_.decode<TBSCertList>(value->tbs_cert_list)) {
        comment = "issuer=" + escape(name_text(tbs->issuer.der)) + "\n";
      }
    }
    add(MessageKind::crl, std::move(bytes), std::move(comment));
  }

  void certification_request(Octets der) {
    if (part_ != Part::csr && part_ != Part::requests) return;
    std::string comment;
    const auto value = decoder_.decode<CertificationRequest>(Any{der, true});
    if (value) {
      if (const auto info = decoder_.decode<CertificationRequestInfo>(value->certification_request_info)) {
        comment = "subject=" + escape(name_text(info->subject.der)) + "\n";
      }
    }
    add(MessageKind::simple_pki_request, as_it_came(der), std::move(comment));
  }

  void cert_req_msg(Octets der) {
    if (part_ != Part::requests) return;
    auto bytes = as_it_came(der);
    bytes[0] = sequence;  // crm of a TaggedRequest replaces this tag by [1]
    add(MessageKind::cert_req_msg, std::move(bytes), {});
  }

  // The bytes of the message; of a value that was sent in segments of an OCTET STRING, its octets joined.
  std::vector<std::uint8_t> as_it_came(Octets der) {
    Octets bytes = decoder_.original(der);
    if (bytes.data() != der.data()) {
      Decoder probe(decoder_.limits());
      const auto scanned = probe.scan(bytes);
      if (!scanned || scanned->der != der) bytes = der;
    }
    return {bytes.begin(), bytes.end()};
  }

  void add(std::optional<MessageKind> kind, std::vector<std::uint8_t> bytes, std::string comment) {
    pieces_.push_back({kind, false, std::move(bytes), std::move(comment)});
  }

  Decoder& decoder_;
  Part part_;
  std::vector<Piece> pieces_;
  std::set<std::vector<std::uint8_t>> seen_;
};

struct PartWords {
  Part part;
  std::string_view one;
  std::string_view many;
};

constexpr PartWords part_words[]{
    {Part::requests, "request", "requests"},      {Part::csr, "of them PKCS #10", "of them PKCS #10"},
    {Part::certs, "certificate", "certificates"}, {Part::crl, "CRL", "CRLs"},
    {Part::econtent, "eContent", "eContents"},
};

}  // namespace

std::vector<Piece> extract(Decoder& decoder, const Message& message, Part part) {
  return Extractor(decoder, part).extract(message.layer);
}

std::string holdings(Decoder& decoder, const Message& message) {
  std::string text;
  for (const PartWords& words : part_words) {
    const std::size_t count = extract(decoder, message, words.part).size();
    if (count == 0) continue;
    text += (text.empty() ? " with " : ", ") + std::to_string(count) + " " +
            std::string(count == 1 ? words.one : words.many);
  }
  return std::string(to_string(message.layer.kind)) + (text.empty() ? " that holds nothing to extract" : text);
}

Result<Piece> certs_only(const std::vector<Piece>& certificates) {
  std::set<std::vector<std::uint8_t>> seen;
  std::vector<Any> elements;
  for (const Piece& certificate : certificates) {
    if (seen.insert(certificate.bytes).second) elements.push_back({Octets(certificate.bytes), false});
  }
  const auto version = integer_content(1);
  const auto id_data = oid_content("1.2.840.113549.1.7.1");
  const auto id_signed_data = oid_content("1.2.840.113549.1.7.2");
  SignedData signed_data;
  signed_data.version = Integer{Octets(version)};
  signed_data.encap_content_info.e_content_type = Oid{Octets(*id_data)};
  signed_data.certificates = List<Any>(elements);
  CMC_TRY(const auto content, encode(signed_data));
  ContentInfo info;
  info.content_type = Oid{Octets(*id_signed_data)};
  info.content = Any{Octets(content), false};
  CMC_TRY(auto bytes, encode(info));
  return Piece{MessageKind::simple_pki_response, true, std::move(bytes), {}};
}

}  // namespace cmcctl::cli
