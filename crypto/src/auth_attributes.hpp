#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/cms.hpp>

/// The attributes that a tag or a MAC covers: RFC 5083 section 2.1, RFC 5652 section 9.2.
namespace cmcctl {

/// content-type, and message-digest where there is a digest: a SET in DER.
std::vector<std::uint8_t> auth_attributes(std::string_view content_type, std::optional<Octets> message_digest);

/// The octets that are authenticated: a SET where the message has the member's own tag.
std::vector<std::uint8_t> authenticated_form(Octets attributes);

/// What is wrong with them; empty when they name `content_type` once.
std::string attribute_problem(Decoder& decoder, const Raw<AuthAttributes>& attributes, const Oid& content_type);

/// The value of message-digest; nullopt, and the problem, when it is not there once.
std::optional<Octets> message_digest_in(Decoder& decoder, const Raw<AuthAttributes>& attributes, std::string& problem);

/// Whether a content is itself a SET of attributes with a message-digest: a MAC over attributes must not pass for one
/// over such a content.
bool looks_like_attributes(Decoder& decoder, Octets content);

}  // namespace cmcctl
