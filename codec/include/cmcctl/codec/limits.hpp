#pragma once

#include <cstddef>

namespace cmcctl {

/// What one message may cost. Every decoder, verifier and decrypter takes a Limits; what is over a limit is refused before it costs
/// anything, with the limit's name in the error (`limit_exceeded`). docs/limits.md has the reasons.
struct Limits {
  std::size_t message_octets = 16u << 20;  ///< size of one message, in octets, before parsing
  std::size_t depth = 64;                  ///< TLV nesting, counted through OCTET STRINGs that get parsed
  std::size_t nodes = 1'000'000;           ///< TLVs in one element that is looked over at once
  std::size_t layers = 8;                  ///< CMS contents inside each other
  std::size_t nested_messages = 256;       ///< CMS contents in one message altogether
  std::size_t body_parts = 1'000;          ///< controls, requests, CMS parts or other messages in one PKIData, each
  std::size_t signers = 64;                ///< SignerInfos in one SignedData
  std::size_t recipients = 64;             ///< RecipientInfos in one CMS content
  std::size_t certificates = 256;          ///< certificates in one CMS content
  std::size_t crls = 64;                   ///< CRLs in one CMS content
  std::size_t oid_octets = 64;             ///< content octets of one OBJECT IDENTIFIER
  std::size_t text = 4'096;                ///< characters of one text that are shown
  std::size_t arena_base = 32u << 20;      ///< memory for decoded values: this many octets ...
  std::size_t arena_factor = 16;           ///< ... plus this many times the message's size

  // Before any arithmetic:
  std::size_t rsa_bits_least = 2'048;          ///< of an RSA modulus that verifies, signs or decrypts
  std::size_t rsa_bits = 8'192;                ///< likewise, at most
  std::size_t pbkdf2_iterations = 10'000'000;  ///< of PBKDF2 in PBMAC1, PasswordRecipientInfo and key files
  std::size_t pbm_iterations_least = 100;      ///< of PasswordBasedMac
  std::size_t pbm_iterations = 100'000;        ///< likewise, at most
  std::size_t salt_octets = 64;                ///< of a salt of either; 8 at least
  std::size_t scrypt_octets = 64u << 20;       ///< memory that scrypt may take
  std::size_t path_certificates = 8;           ///< certificates in a path, the anchor included
  std::size_t path_signatures = 100;           ///< signatures checked while one path is looked for
  std::size_t name_comparisons = 250'000;      ///< names compared with name constraints in one path

  std::size_t arena_octets(std::size_t input) const { return arena_base + arena_factor * input; }
};

}  // namespace cmcctl
