#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"
#include "auth_attributes.hpp"
#include "key_recovery.hpp"
#include "opened_checks.hpp"

namespace cmcctl {
namespace {

Check cipher_check(const CipherSpec& spec) {
  const std::string name(to_string(spec.cipher));
  if (spec.cipher != ContentCipher::des_ede3_cbc) return {"cipher", Verdict::pass, name, {}, {}};
  return {"cipher", Verdict::unknown, name + ", which is too weak today", {}, "the sender should use AES"};
}

// A signature or a MAC inside is looked at when the content is.
Check authenticity_of(const CipherSpec& spec, const Oid& content_type) {
  constexpr std::string_view name = "authenticity";
  if (is_aead(spec.cipher)) return {name, Verdict::pass, "by the tag", {}, {}};
  const std::string type = to_string(content_type);
  if (type == oids::signed_data || type == oids::authenticated_data) {
    return {name, Verdict::unknown, "only by what is inside", {}, "verify the content"};
  }
  return {name,
          Verdict::unknown,
          "none: " + std::string(to_string(spec.cipher)) + " does not notice changes",
          {},
          "the sender should sign the content, or use AES-GCM"};
}

Error missing_content() {
  return {Errc::missing_member,
          0,
          "EncryptedContentInfo.encryptedContent",
          {},
          "the encrypted content is not in the message"};
}

struct Opening {
  CipherSpec spec;
  Octets associated{};
  Octets tag{};
};

Result<OpenedContent> open_with(Decoder& decoder, const List<RecipientInfo>& recipients,
                                const EncryptedContentInfo& content, const Opening& opening, const RecipientKeys& keys,
                                const Limits& limits) {
  OpenedContent opened;
  opened.content_type = content.content_type;
  KeyRecovery recovery(decoder, keys, key_octets(opening.spec.cipher), limits);
  const auto found = recovery.run(recipients, [&](const SecretOctets& key) {
    auto plaintext = decrypt(opening.spec, key, *content.encrypted_content, opening.associated, opening.tag);
    if (plaintext) opened.content = *std::move(plaintext);
    return plaintext.ok();
  });
  if (!found) return found.error();
  opened.recipient = found->recipient;
  opened.kind = found->kind;
  opened.checks = recipient_checks(*found);
  opened.checks.push_back(cipher_check(opening.spec));
  opened.checks.push_back(authenticity_of(opening.spec, content.content_type));
  return opened;
}

}  // namespace

Result<OpenedContent> open_enveloped(Decoder& decoder, const EnvelopedData& message, const RecipientKeys& keys,
                                     const Limits& limits) {
  const EncryptedContentInfo& content = message.encrypted_content_info;
  CMC_TRY(const CipherSpec spec, cipher_of(decoder, content.content_encryption_algorithm));
  if (is_aead(spec.cipher)) {
    return unsupported(content.content_encryption_algorithm, "in EnvelopedData, which has no place for a tag,");
  }
  if (!content.encrypted_content) return missing_content();
  return open_with(decoder, message.recipient_infos, content, {spec}, keys, limits);
}

Result<OpenedContent> open_enveloped(Decoder& decoder, const AuthEnvelopedData& message, const RecipientKeys& keys,
                                     const Limits& limits) {
  const EncryptedContentInfo& content = message.auth_encrypted_content_info;
  CMC_TRY(const CipherSpec spec, cipher_of(decoder, content.content_encryption_algorithm));
  if (!is_aead(spec.cipher)) {
    return unsupported(content.content_encryption_algorithm, "in AuthEnvelopedData, which wants a tag,");
  }
  if (message.mac.size() != spec.tag_octets) {
    return Error{Errc::bad_algorithm, 0, "AuthEnvelopedData.mac", "CMC-5084-3.2-01",
                 "a mac of " + std::to_string(message.mac.size()) + " octets, and ICVlen says " +
                     std::to_string(spec.tag_octets)};
  }
  if (!content.encrypted_content) return missing_content();
  const std::vector<std::uint8_t> associated =
      message.auth_attrs ? authenticated_form(message.auth_attrs->der) : std::vector<std::uint8_t>();
  auto opened = open_with(decoder, message.recipient_infos, content, {spec, associated, message.mac}, keys, limits);
  if (!opened) return opened;
  opened->checks.push_back(attributes_check(decoder, message.auth_attrs, content.content_type));
  if (worst(opened->checks) == Verdict::fail) opened->content.clear();
  return opened;
}

}  // namespace cmcctl
