// What the codec says of files, to be compared with what another reader says.
//
//   verdicts LIST   lines TYPE, FILE, separated by tabs; TYPE is one of `types`, or ANY
//
// For each a line TYPE, FILE, ENCODING (DER, BER or refused), ODDITIES in the encoding (texts, "; " between them),
// VERDICT (accepted or refused), REASON (code, path and detail of the first refusal), separated by tabs.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../support/first_refusal.hpp"
#include "scan.hpp"
#include "unsorted_sets.hpp"

namespace {

using namespace cmcctl;
using test::FirstRefusal;

// ANY is any element, with nothing said of what is in it.
constexpr std::string_view types[]{
    "ContentInfo", "SignedData",      "PKIData",         "PKIResponse", "CertificationRequest",
    "Certificate", "CertificateList", "CertReqMessages", "CertReqMsg",  "ANY",
};

std::string text(const Error& error) {
  std::string line = std::string(error_info(error.code).name) + " " + error.path + ": " + error.detail;
  std::ranges::replace_if(
      line, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return line;
}

std::string oddities_in_encoding(const Decoder& decoder) {
  std::string all;
  for (const Oddity& oddity : decoder.oddities()) {
    if (oddity.rule != "CMC-X690-11-01" && oddity.rule != "CMC-5280-4.1-01") continue;
    all += (all.empty() ? "" : "; ") + oddity.text;
  }
  return all;
}

std::string verdicts(std::string_view type, Octets bytes) {
  Decoder decoder;
  decoder.reset(bytes);
  FirstRefusal refusal;
  const auto scanned = decoder.scan(bytes);
  if (!scanned) return "refused\t\trefused\t" + text(scanned.error());
  if (type != "ANY") test::walk(decoder, refusal, test::any_type(type), bytes);
  note_unsorted_sets(decoder, scanned->der);
  const bool der = scan_der(bytes, decoder.limits()).outcome == Scan::Outcome::der;
  return std::string(der ? "DER" : "BER") + '\t' + oddities_in_encoding(decoder) + '\t' +
         (refusal.first ? "refused\t" + text(*refusal.first) : "accepted\t");
}

int fail(const std::string& what) {
  std::cerr << "verdicts: " << what << '\n';
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail("usage: verdicts LIST");
  std::ifstream list(argv[1]);
  if (!list) return fail(std::string(argv[1]) + ": cannot be read");
  for (std::string line; std::getline(list, line);) {
    const auto tab = line.find('\t');
    const auto* type = std::ranges::find(types, std::string_view(line).substr(0, tab));
    if (tab == std::string::npos || type == std::end(types)) return fail(line + ": not TYPE, tab, FILE");
    std::ifstream in(line.substr(tab + 1), std::ios::binary);
    if (!in) return fail(line.substr(tab + 1) + ": cannot be read");
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    std::cout << line << '\t' << verdicts(*type, Octets(std::string_view(bytes.data(), bytes.size()))) << '\n';
  }
}
