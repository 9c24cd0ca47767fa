#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cmcctl {

/// What a number in dotted form is called, and where to read about it.
struct OidEntry {
  std::string_view dotted;     ///< "1.3.6.1.5.5.7.7.25"
  std::string_view name;       ///< "statusInfoV2"; no two entries share a name
  std::string_view kind;       ///< "control", "attribute", "signature", ...; see oid_entries()
  std::string_view note;       ///< type of the value or of the parameters, or a remark; may be empty
  std::string_view reference;  ///< "RFC 10002 section 6.1.1"
};

/// All known object identifiers, in numeric order. Controls bear the RFC's word without "id-cmc-", content types
/// and arcs keep their prefix, algorithms and name attributes have the names people use (SHA-256, CN).
std::span<const OidEntry> oid_entries();

/// The entry of a dotted number, or null.
const OidEntry* find_oid(std::string_view dotted);

/// The entry of a name or of another common name for the same thing, or null. Upper and lower case are equal, and
/// the prefixes of the ASN.1 modules (id-cmc-, id-kp-, id-, szOID_, ...) may be there or not.
const OidEntry* find_oid_by_name(std::string_view name);

/// A number of an ASN.1 enumeration or INTEGER with named values.
struct NamedNumber {
  std::int64_t value;
  std::string_view name;
  std::string_view meaning;  ///< what happened and what to do, in one sentence
  std::string_view reference;
};

std::span<const NamedNumber> cmc_status_names();     ///< CMCStatus
std::span<const NamedNumber> cmc_fail_info_names();  ///< CMCFailInfo
std::span<const NamedNumber> skd_fail_info_names();  ///< SKDFailInfo, the one registered extendedFailInfo
std::span<const NamedNumber> crl_reason_names();     ///< CRLReason
std::span<const NamedNumber> exit_code_names();      ///< exit codes of the program cmcctl

/// The entry of `value`, or null.
const NamedNumber* find_number(std::span<const NamedNumber> numbers, std::int64_t value);

}  // namespace cmcctl
