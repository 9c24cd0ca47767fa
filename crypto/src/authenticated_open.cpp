#include <cmcctl/crypto/authenticated.hpp>

#include <cmcctl/crypto/mac.hpp>

#include "algorithm_rows.hpp"
#include "auth_attributes.hpp"
#include "key_recovery.hpp"
#include "opened_checks.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view changed = "the message was changed, or the key is another one";

// RFC 5652 section 9.3: digestAlgorithm and authAttrs come together, and the digest is that of the content.
Check digest_check(Decoder& decoder, const AuthenticatedData& message, Octets content) {
  constexpr std::string_view name = "digest";
  const bool attributes = message.auth_attrs.has_value();
  if (attributes != message.digest_algorithm.has_value()) {
    return {name, Verdict::fail,
            attributes ? "authenticated attributes without a digestAlgorithm"
                       : "a digestAlgorithm without authenticated attributes",
            "CMC-5652-9.1-03", "the message was changed, or the sender's software is at fault"};
  }
  if (!attributes) {
    if (!looks_like_attributes(decoder, content))
      return {name, Verdict::pass, "none, the MAC covers the content", {}, {}};
    return {name, Verdict::fail, "the content is authenticated attributes of another message", "CMC-5652-9.1-04",
            "somebody tries to pass them for a content"};
  }
  std::string problem;
  const auto claimed = message_digest_in(decoder, *message.auth_attrs, problem);
  if (!claimed) return {name, Verdict::fail, problem, "CMC-5652-9.1-04", "the sender's software is at fault"};
  const auto hash = hash_of(*message.digest_algorithm);
  if (!hash) return {name, Verdict::unknown, hash.error().detail, {}, "check it with software that has the algorithm"};
  if (equal_in_constant_time(digest(*hash, content), *claimed)) {
    return {name, Verdict::pass, std::string(to_string(*hash)) + " of the content", {}, {}};
  }
  return {name, Verdict::fail, "the content is not the one that was authenticated", "CMC-5652-9.3-01",
          std::string(changed)};
}

}  // namespace

Result<OpenedContent> open_authenticated(Decoder& decoder, const AuthenticatedData& message, const RecipientKeys& keys,
                                         const Limits& limits) {
  CMC_TRY(const Hash hash, hmac_hash_of(message.mac_algorithm));
  const auto content = content_octets(message.encap_content_info);
  if (!content) {
    return Error{Errc::missing_member,
                 0,
                 "AuthenticatedData.encapContentInfo.eContent",
                 {},
                 "the content is not in the message"};
  }
  const std::vector<std::uint8_t> attributes =
      message.auth_attrs ? authenticated_form(message.auth_attrs->der) : std::vector<std::uint8_t>();
  const Octets covered = message.auth_attrs ? Octets(attributes) : *content;

  OpenedContent opened;
  opened.content_type = message.encap_content_info.e_content_type;
  KeyRecovery recovery(decoder, keys, output_octets(hash), limits);
  const auto found = recovery.run(message.recipient_infos, [&](const SecretOctets& key) {
    return equal_in_constant_time(hmac(hash, key, covered), message.mac);
  });
  if (!found && found.error().code != Errc::decryption_failed) return found.error();
  if (found) {
    opened.recipient = found->recipient;
    opened.kind = found->kind;
    opened.checks = recipient_checks(*found);
  }
  opened.checks.push_back(attributes_check(decoder, message.auth_attrs, opened.content_type));
  opened.checks.push_back(digest_check(decoder, message, *content));
  if (found) {
    opened.checks.push_back({"mac", Verdict::pass, "HMAC with " + std::string(to_string(hash)), {}, {}});
  } else {
    opened.checks.push_back(
        {"mac", Verdict::fail, "not of this message and key", "CMC-5652-9.3-01", std::string(changed)});
  }
  if (worst(opened.checks) == Verdict::pass) opened.content = secret_copy(*content);
  return opened;
}

}  // namespace cmcctl
