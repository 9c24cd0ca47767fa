#include "catch.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/names.hpp>

namespace {

using cmcctl::find_oid;
using cmcctl::find_oid_by_name;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string dotted(std::string_view name) {
  const auto* entry = find_oid_by_name(name);
  return entry != nullptr ? std::string(entry->dotted) : "not found";
}

std::string name(std::string_view dotted) {
  const auto* entry = find_oid(dotted);
  return entry != nullptr ? std::string(entry->name) : "not found";
}

void check_numbers(std::span<const cmcctl::NamedNumber> numbers) {
  std::set<std::string> names;
  for (const auto& number : numbers) {
    INFO(number.name);
    CHECK(names.insert(lower(number.name)).second);
    CHECK(find_number(numbers, number.value) == &number);
    CHECK(number.meaning.ends_with('.'));
    CHECK_FALSE(number.reference.empty());
  }
}

}  // namespace

TEST_CASE("every OID is found by its number and by its name") {
  for (const auto& entry : cmcctl::oid_entries()) {
    INFO(entry.dotted << " " << entry.name);
    CHECK(find_oid(entry.dotted) == &entry);
    CHECK(find_oid_by_name(entry.name) == &entry);
    CHECK_FALSE(entry.kind.empty());
    CHECK_FALSE(entry.reference.empty());
  }
}

TEST_CASE("no two OIDs share a name, whatever the case") {
  std::set<std::string> names;
  for (const auto& entry : cmcctl::oid_entries()) {
    INFO(entry.name);
    CHECK(names.insert(lower(entry.name)).second);
  }
}

TEST_CASE("the pair that RFC 5912 swaps has the numbers of RFC 5272") {
  CHECK(dotted("id-cmc-popLinkWitnessV2") == "1.3.6.1.5.5.7.7.33");
  CHECK(dotted("id-cmc-identityProofV2") == "1.3.6.1.5.5.7.7.34");
}

TEST_CASE("names are found without case, with and without the prefix of the modules") {
  for (const auto* spelling : {"statusInfoV2", "STATUSINFOV2", "id-cmc-statusInfoV2", "ID-CMC-statusinfov2"}) {
    CHECK(dotted(spelling) == "1.3.6.1.5.5.7.7.25");
  }
  CHECK(dotted("PKIData") == "1.3.6.1.5.5.7.12.2");
  CHECK(dotted("id-ce-keyUsage") == "2.5.29.15");
  CHECK(dotted("id-kp-cmcRA") == "1.3.6.1.5.5.7.3.28");
  CHECK(dotted("certificate_template") == "1.3.6.1.4.1.311.21.7");
  CHECK(dotted("szOID_CMC_ADD_ATTRIBUTES") == "1.3.6.1.4.1.311.10.10.1");
}

TEST_CASE("other common names lead to the same OID") {
  CHECK(dotted("hmacWithSHA256") == dotted("HMAC-SHA-256"));
  CHECK(dotted("sha256") == dotted("SHA-256"));
  CHECK(dotted("prime256v1") == dotted("P-256"));
  CHECK(dotted("id-aes128-CBC") == dotted("AES-128-CBC"));
  CHECK(dotted("commonName") == dotted("CN"));
  CHECK(dotted("id-ExtensionReq") == dotted("extensionRequest"));
  CHECK(dotted("id-aa-cmc-unsignedData") == "1.2.840.113549.1.9.16.2.34");
}

TEST_CASE("an exact name wins over one that differs in its prefix") {
  CHECK(dotted("id-cmc") == "1.3.6.1.5.5.7.7");
  CHECK(dotted("id-ad-cmc") == "1.3.6.1.5.5.7.48.12");
  CHECK(dotted("timeStamping") == "1.3.6.1.5.5.7.3.8");
}

TEST_CASE("what is not in the table is not found") {
  for (const auto* text :
       {"", ".", "1", "1.3.6.1.5.5.7.7.25.1", "1.3.6.1.5.5.7.7.025", "1.3.6.1.5.5.7.7.38", "3.1", "x"}) {
    INFO(text);
    CHECK(find_oid(text) == nullptr);
  }
  for (const auto* text : {"", "id-", "id-cmc-", "szOID_", "noSuchName"}) {
    INFO(text);
    CHECK(find_oid_by_name(text) == nullptr);
  }
}

TEST_CASE("names that a stranger expects") {
  CHECK(name("1.2.840.113549.1.1.11") == "sha256WithRSAEncryption");
  CHECK(name("2.16.840.1.101.3.4.2.1") == "SHA-256");
  CHECK(name("1.2.840.113549.1.7.2") == "id-signedData");
  CHECK(name("2.5.29.14") == "subjectKeyIdentifier");
  CHECK(name("1.3.6.1.5.5.7.6.2") == "id-alg-noSignature");
  CHECK(name("0.9.2342.19200300.100.1.1") == "UID");
  CHECK(name("2.16.840.1.101.3.4.3.18") == "ML-DSA-65");
}

TEST_CASE("the tables of controls and of OIDs agree") {
  for (const auto& row : cmcctl::control_rows()) {
    INFO(row.oid << " " << row.name);
    const auto* entry = find_oid(row.oid);
    REQUIRE(entry != nullptr);
    CHECK(entry->name == row.name);
    CHECK(entry->reference == row.reference);
  }
}

TEST_CASE("numbers have one name and a sentence each") {
  check_numbers(cmcctl::cmc_status_names());
  check_numbers(cmcctl::cmc_fail_info_names());
  check_numbers(cmcctl::skd_fail_info_names());
  check_numbers(cmcctl::crl_reason_names());
  check_numbers(cmcctl::exit_code_names());
}

TEST_CASE("numbers that the RFCs reserve have no name") {
  CHECK(find_number(cmcctl::cmc_status_names(), 1) == nullptr);
  CHECK(find_number(cmcctl::skd_fail_info_names(), 10) == nullptr);
  CHECK(find_number(cmcctl::crl_reason_names(), 7) == nullptr);
  CHECK(find_number(cmcctl::cmc_fail_info_names(), -1) == nullptr);
}
