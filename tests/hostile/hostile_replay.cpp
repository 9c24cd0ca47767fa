// hostile_replay VECTORS_DIR [WORD]
//
// Makes inputs that are meant to hurt, by rules and from real messages, and has each one read in every way that there
// is: decoded, all that can be reached in it decoded, and encoded again; shown as text, JSON and tree; written as JSON
// and DER text, and read from these. Each has to stay within the promise of the
// library: 50 ms and 0.5 us an octet of processor time, 32 MiB and 16 times the input of memory. With WORD only groups
// of inputs are run whose name has it.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <iostream>
#include <ostream>
#include <set>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/der_text.hpp>
#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/json.hpp>

#include "../support/processor_time.hpp"
#include "../support/reencode_files.hpp"
#include "../support/reencode_memory.hpp"
#include "../support/reencode_walk.hpp"
#include "hostile_bytes.hpp"
#include "scan.hpp"

namespace cmcctl::test {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

constexpr double slower = sanitized ? 10.0 : 1.0;
// Sanitizers look at every octet: they get the same inputs, an eighth as wide.
constexpr std::size_t width(std::size_t count) { return sanitized ? count / 8 : count; }

// --- Ways to read an input ------------------------------------------------------------------------------------------

/// Encodes whatever is decoded.
class Rewrite : public WalkVisitor {
 public:
  void decoded(const AnyType& type, const void* value, Octets) override {
    buffer_.clear();
    Writer writer(buffer_);
    if (!type.codec().encode(writer, value)) problem = "accepted, but " + to_string(writer.error());
  }

  std::string problem;

 private:
  std::vector<std::uint8_t> buffer_;
};

/// Returns what is wrong, or nothing.
using Way = std::function<std::string(Octets input)>;

Way read_as(std::string_view name) {
  return [&type = any_type(name)](Octets input) {
    Decoder decoder;
    Rewrite rewrite;
    decoder.reset(input);
    walk(decoder, rewrite, type, input);
    return rewrite.problem;
  };
}

/// As read_as, for the small inputs: one look at the octets for all types.
std::string read_as_all(Octets input) {
  Decoder decoder;
  decoder.reset(input);
  const auto scanned = decoder.scan(input);
  if (!scanned) return scanned.error().offset > input.size() ? "the error lies outside the input" : "";
  Rewrite rewrite;
  for (const auto* type : {"ContentInfo", "PKIData", "PKIResponse", "CertReqMessages", "CertReqMsg", "CertificationRequest",
                           "Certificate", "CertificateList"}) {
    walk(decoder, rewrite, any_type(type), *scanned);
  }
  return rewrite.problem;
}

/// Every type there is, without what it holds.
std::string read_as_any_type(Octets input) {
  Decoder first;
  first.reset(input);
  const auto scanned = first.scan(input);
  if (!scanned || scanned->der.data() != input.data()) return "";  // BER once more for each type would be too slow
  Rewrite rewrite;
  for (const AnyType& type : whole_types()) {
    Decoder decoder;
    decoder.reset(input);
    const auto value = type.make();
    if (!type.decode(decoder, *scanned, value.get())) rewrite.decoded(type, value.get(), scanned->der);
  }
  return rewrite.problem;
}

/// Takes what is written and keeps nothing.
class Nowhere : public std::streambuf {
 protected:
  int_type overflow(int_type c) override { return traits_type::not_eof(c); }
  std::streamsize xsputn(const char*, std::streamsize count) override { return count; }
};

using Show = void (*)(std::ostream&, Decoder&, const Message&, const InspectInput&, const InspectOptions&);

template <Show show>
std::string open_and_show(Octets input) {
  Nowhere nowhere;
  std::ostream out(&nowhere);
  Decoder decoder;
  if (const auto message = open_message(decoder, input)) show(out, decoder, *message, {}, {});
  return "";
}

std::string show_tree(Octets input) {
  Nowhere nowhere;
  std::ostream out(&nowhere);
  Decoder decoder;
  (void)inspect_tree(out, decoder, input, {});
  return "";
}

std::string write_as_json(Octets input) {
  Nowhere nowhere;
  std::ostream out(&nowhere);
  (void)write_json(out, input);
  return "";
}

std::string write_as_der_text(Octets input) {
  Nowhere nowhere;
  std::ostream out(&nowhere);
  write_der_text(out, input);
  return "";
}

struct Shown {
  std::string_view how;
  std::string (*way)(Octets input);
};
constexpr Shown ways_to_show[]{
    {"text", open_and_show<inspect_text>},
    {"JSON", open_and_show<inspect_json>},
    {"tree", show_tree},
    {"JSON to be edited", write_as_json},
    {"DER text", write_as_der_text},
};

/// As each of them, for the small inputs.
std::string show_as_all(Octets input) {
  for (const Shown& shown : ways_to_show) (void)shown.way(input);
  return "";
}

// --- The measure --------------------------------------------------------------------------------------------------

std::size_t passed = 0;
std::size_t failed = 0;
std::size_t largest_memory = 0;
double slowest = 0;
std::string_view only;

void run(const Way& way, const std::string& about, const Bytes& input) {
  const Octets octets(input);
  const double allowed = slower * (0.050 + 0.5e-6 * static_cast<double>(input.size()));
  const std::size_t allowed_memory = (32u << 20) + 16 * input.size();
  std::string problem;
  double taken = 0;
  std::size_t used = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {  // the best of three, for the sake of busy machines
    const std::size_t before = memory.peak = memory.now;
    const double start = processor_seconds();
    problem = way(octets);
    const double time = processor_seconds() - start;
    taken = attempt == 0 ? time : std::min(taken, time);
    used = memory.peak - before;
    if (taken <= allowed) break;
  }
  slowest = std::max(slowest, taken / allowed);
  largest_memory = std::max(largest_memory, used);
  if (taken > allowed) {
    problem += " takes " + std::to_string(taken * 1e3) + " ms, allowed are " + std::to_string(allowed * 1e3);
  }
  if (used > allowed_memory) {
    problem += " takes " + std::to_string(used) + " octets of memory, allowed are " + std::to_string(allowed_memory);
  }
  ++(problem.empty() ? passed : failed);
  if (!problem.empty()) {
    std::cout << "FAILED " << about << " (" << input.size() << " octets, begins "
              << to_hex(octets.sub(0, std::min<std::size_t>(input.size(), 24))) << "): " << problem << '\n';
  }
}

/// Another way to read a whole message is another line here.
void feed(const std::string& about, const Bytes& input) {
  run(read_as_all, about, input);
  run(show_as_all, about + ", shown", input);
}

void feed_large(const std::string& about, const Bytes& input) {
  run(read_as("ContentInfo"), about + ", ContentInfo", input);
  run(read_as("PKIData"), about + ", PKIData", input);
  run(read_as_any_type, about + ", all types", input);
  for (const Shown& shown : ways_to_show) run(shown.way, about + ", " + std::string(shown.how), input);
}

bool wanted(std::string_view group) {
  return only.empty() || group.find(only) != std::string_view::npos;
}

// --- Messages to put things into --------------------------------------------------------------------------------------

const char* const pki_data_oid = "06{2b06010505070c02}";
const char* const pki_response_oid = "06{2b06010505070c03}";

Bytes in_signed_data(const char* type, const Bytes& content, const Bytes& signers = {}) {
  const Bytes encapsulated = element(0x30, asn1(type) + element(0xA0, element(0x04, content)));
  const Bytes data = element(0x30, hex("020103 3100") + encapsulated + element(0x31, signers));
  return element(0x30, asn1("06{2a864886f70d010702}") + element(0xA0, data));
}

Bytes pki_data(const Bytes& controls, const Bytes& requests = {}) {
  return element(0x30, element(0x30, controls) + element(0x30, requests) + hex("30003000"));
}

Bytes control(const std::string& dotted, const Bytes& values) {
  return element(0x30, hex("020101") + element(0x06, *oid_content(dotted)) + element(0x31, values));
}

Bytes control(const ControlRow& row, const Bytes& values) { return control(std::string(row.oid), values); }

void feed_controls(const std::string& about, const Bytes& controls) {
  const Bytes data = pki_data(controls);
  feed(about, data);
  feed(about + ", signed", in_signed_data(pki_data_oid, data));
}

// --- Encoding: real messages, cut and bent ----------------------------------------------------------------------------

std::vector<Vector> messages(const std::filesystem::path& folder) {
  static const std::set<std::string_view> chosen{
      "bouncycastle/pkidata-mixed-tcr-crm-orm.der", "bouncycastle/ctl-getcert-getcrl.der",
      "bouncycastle/resp-v2-all-status.der",        "bouncycastle/nested-ra-batch.der",
      "bouncycastle/signers-two.der",               "bouncycastle/pkidata-crm-keyagree.der",
      "bouncycastle/unsigneddata-attr.der",         "bouncycastle/crmf-certreqmessages.der",
      "bouncycastle/p10-ed25519.der",               "collected/ms-certreq-cmc-keyarchival.der",
      "collected/pyasn1-rfc6955-dhpop.der",         "collected/libest-certs-only.der"};
  std::vector<Vector> all = read_vectors(folder);
  std::erase_if(all, [](const Vector& vector) { return !chosen.contains(vector.file); });
  return all;
}

/// Also the elements inside an OCTET STRING that holds one, as eContent does.
std::vector<Place> all_places(const Bytes& bytes) {
  std::vector<Place> places = places_of(bytes);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place place = places[i];
    if (place.id != 0x04 || place.end - place.content < 2 || bytes[place.content] != 0x30) continue;
    const Bytes inner = part(bytes, place.content, place.end);
    if (scan_der(Octets(inner), Limits{}).outcome != Scan::Outcome::der) continue;
    for (Place one : places_of(inner)) {
      one.start += place.content;
      one.content += place.content;
      one.end += place.content;
      places.push_back(one);
    }
  }
  return places;
}

void bend_lengths(const Vector& vector) {
  static const std::vector<Bytes> lengths{
      hex("84ffffffff"), hex("847fffffff"), hex("8480000000"), hex("888000000000000000"), hex("88ffffffffffffffff"),
      hex("89010000000000000000"), hex("ff"), hex("fe"), hex("fe") + Bytes(126, 0xFF), hex("80"), hex("8100"), hex("820001"),
      hex("850000000001"), hex("00"), hex("7f")};
  const Bytes& bytes = vector.bytes;
  for (const Place& place : all_places(bytes)) {
    const std::string about = vector.file + " at " + std::to_string(place.start);
    feed(about + ", cut before", part(bytes, 0, place.start));
    feed(about + ", cut after the tag", part(bytes, 0, place.start + 1));
    feed(about + ", cut before the contents", part(bytes, 0, place.content));
    feed(about + ", cut inside", part(bytes, 0, (place.content + place.end) / 2));
    for (const int change : {1, -1}) {
      Bytes bent = bytes;
      bent[place.content - 1] = static_cast<std::uint8_t>(bent[place.content - 1] + change);
      feed(about + ", length " + std::to_string(change), bent);
    }
    for (const Bytes& length : lengths) {
      feed(about + ", length " + to_hex(Octets(length)),
           part(bytes, 0, place.start + 1) + length + part(bytes, place.content, bytes.size()));
    }
  }
}

void bend_contents(const Vector& vector) {
  const Bytes& bytes = vector.bytes;
  const std::vector<Place> places = places_of(bytes);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string about = vector.file + " at " + std::to_string(places[i].start);
    feed(about + ", empty", with_content(bytes, places, i, {}));
    const Bytes content = part(bytes, places[i].content, places[i].end);
    feed(about + ", an octet more", with_content(bytes, places, i, content + hex("00")));
    feed(about + ", a NULL more", with_content(bytes, places, i, content + hex("0500")));
    feed(about + ", twice", with_content(bytes, places, i, content + content));
    if ((places[i].id & 0x20) == 0) continue;
    const Bytes loose = with_indefinite(bytes, places, i);
    feed(about + ", indefinite", loose);
    feed(about + ", indefinite, unterminated", part(loose, 0, loose.size() - 2));
    Bytes wrong = loose;
    wrong.back() = 0x01;
    feed(about + ", indefinite, ends with 00 01", wrong);
  }
}

// --- Encoding: depth and width ---------------------------------------------------------------------------------------

void deep_ones() {
  const std::size_t levels = 300'000;
  for (const std::uint8_t id : {std::uint8_t{0x30}, std::uint8_t{0x31}, std::uint8_t{0xA0}, std::uint8_t{0x24}, std::uint8_t{0x2C}, std::uint8_t{0x23}}) {
    const std::string about = std::to_string(levels) + " deep " + tag_name(id);
    const Bytes forms[]{deep(id, levels, hex("0500")), deep_indefinite(id, levels, hex("0500"), true),
                        deep_indefinite(id, levels, {}, false), deep(id, 60, hex("0500")),
                        deep_indefinite(id, 60, hex("0500"), true), deep(id, 50, element(0x04, {}))};
    for (const Bytes& form : forms) {
      feed_large(about, form);
      const Bytes data = pki_data(control("1.3.6.1.5.5.7.7.6", form));
      feed_large(about + " in a control", data);
      feed_large(about + " in a signed control", in_signed_data(pki_data_oid, data));
      const Bytes extension = element(0x30, asn1("0603551d11") + element(0x04, form));
      feed_large(about + " in an extension",
                 pki_data(control("1.3.6.1.5.5.7.7.8", element(0x30, asn1("020100 3000") + element(0x30, extension)))));
      const Bytes attribute = element(0x30, asn1("06{2a864886f70d0109100222}") + element(0x31, form));
      const Bytes signer = element(0x30, asn1("020103 8000 30{06022a03} 30{06022a03} 0400") + element(0xA1, attribute));
      feed_large(about + " in an unsigned attribute", in_signed_data(pki_data_oid, pki_data({}), signer));
    }
  }
}

/// Every constructed element of a value of every type, filled with many small ones.
void wide_one(const AnyType& type) {
  const auto encoded = type.sample(1);
  if (!encoded) return;
  const std::vector<Place> places = places_of(*encoded);
  const std::size_t count = width(20'000);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if ((places[i].id & 0x20) == 0 || places[i].content == places[i].end) continue;
    std::size_t child = 0;
    while (child != places.size() && (places[child].start != places[i].content || places[child].parents.size() <= places[i].parents.size())) ++child;
    if (child == places.size()) continue;
    const Bytes first = part(*encoded, places[child].start, places[child].end);
    for (const Bytes& filler : {first, hex("3000"), hex("0500"), hex("8200")}) {
      run(read_as(type.name), std::string(type.name) + " at " + std::to_string(places[i].start) + ", " + std::to_string(count) + " x " + to_hex(Octets(filler)).substr(0, 16),
          with_content(*encoded, places, i, repeat(filler, count)));
    }
  }
}

void wide_ones() {
  for (const AnyType& type : whole_types()) wide_one(type);
}

void widest_ones() {
  const std::size_t count = width(400'000);
  for (const auto* filler : {"3000", "3100", "0500", "8200", "0400", "0100", "a000", "020101", "8100"}) {
    const Bytes many = repeat(hex(filler), count);
    const std::string about = std::to_string(count) + " x " + filler;
    feed_large(about + " in a SEQUENCE", element(0x30, many));
    feed_large(about + " in a SET", element(0x31, many));
    feed_large(about + " as controls", pki_data(many));
    feed_large(about + " as requests", pki_data({}, many));
    feed_large(about + " as values of a control", pki_data(control("1.3.6.1.5.5.7.7.6", many)));
    feed_large(about + " as signers", in_signed_data(pki_data_oid, pki_data({}), many));
    feed_large(about + " in BER", hex("3080") + many + hex("0000"));
    feed_large(about + " in BER, signed", in_signed_data(pki_data_oid, hex("3080") + many + hex("0000")));
  }
  feed_large("BER, as many elements as are allowed", hex("3080") + repeat(hex("0500"), width(999'999)) + hex("0000"));
  feed_large("BER, long lengths", hex("3080") + repeat(hex("058100"), width(999'999)) + hex("0000"));
  feed_large("BER, as many as a vector likes least", hex("3080") + repeat(hex("0500"), width(524'300)) + hex("0000"));
  run(read_as("GeneralNames"), "names in segments", element(0x30, repeat(asn1("a1{040161 040162}"), width(200'000))));
  run(read_as("GeneralNames"), "names in two empty segments", element(0x30, repeat(asn1("a1{0400 0400}"), width(200'000))));
  run(read_as("GeneralNames"), "names of BER", hex("3080") + repeat(hex("828100"), width(300'000)) + hex("0000"));
  run(read_as("Extensions"), "explicit DEFAULTs", element(0x30, repeat(asn1("30{06012a 010100 0400}"), width(100'000))));
  run(read_as("Extensions"), "explicit DEFAULTs in BER", element(0x30, repeat(asn1("30{06012a 01810100 0400}"), width(80'000))));
  run(read_as("DataReturn"), "a string in segments", element(0x24, repeat(hex("040161"), width(900'000))));
  run(read_as("DataReturn"), "a string in empty segments", element(0x24, repeat(hex("0400"), width(900'000))));
  run(read_as("DataReturn"), "a string in nested segments", element(0x24, repeat(asn1("24{24{040161}}"), width(200'000))));
  run(read_as("EncryptedContentInfo"), "content in segments",
      element(0x30, asn1("06022a03 30{06022a03}") + element(0xA0, repeat(hex("040161"), width(900'000)))));
}

void sorted_backwards() {
  const std::size_t count = width(100'000);
  Bytes numbers;
  Bytes names;
  for (std::size_t i = count; i-- != 0;) {
    const Bytes content = integer_content(static_cast<std::int64_t>(i + 0x10000));
    numbers = std::move(numbers) + element(0x02, content);
    const Bytes algorithm = element(0x30, element(0x06, hex("2a") + Bytes{static_cast<std::uint8_t>(0x81 + i / 16384 % 100),
        static_cast<std::uint8_t>(0x80 | (i >> 7 & 0x7F)), static_cast<std::uint8_t>(i & 0x7F)}));
    names.insert(names.end(), algorithm.begin(), algorithm.end());
  }
  feed_large("a descending SET OF as values", pki_data(control("1.3.6.1.5.5.7.7.6", numbers)));
  run(read_as("Attribute"), "a descending SET OF", element(0x30, asn1("06022a03") + element(0x31, numbers)));
  run(read_as("SignedData"), "descending digestAlgorithms",
      element(0x30, hex("020103") + element(0x31, names) + asn1("30{06022a03} 3100")));
  run(read_as("SignedData"), "descending certificates",
      element(0x30, asn1("020103 3100 30{06022a03}") + element(0xA0, names) + hex("3100")));
  run(read_as("RelativeDistinguishedName"), "equal elements",
      element(0x31, repeat(asn1("30{06012a 0c00}"), count)));
}

// --- Encoding: primitives ------------------------------------------------------------------------------------------

void numbers_and_names() {
  const Bytes megabyte(1u << 20, 0x7F);
  for (const Bytes& content : {Bytes{}, hex("00"), hex("0001"), hex("ff80"), hex("ff"), Bytes(64, 0x7F), Bytes(65, 0x7F), megabyte, Bytes(1u << 20, 0x80)}) {
    const Bytes number = element(0x02, content);
    const std::string about = "INTEGER of " + std::to_string(content.size()) + " octets";
    feed_controls(about + " as transactionId", control("1.3.6.1.5.5.7.7.5", number));
    feed_controls(about + " as authData", control("1.3.6.1.5.5.7.7.27", number));
    feed_controls(about + " as BodyPartID", element(0x30, number + asn1("06022a03 3100")));
    feed_controls(about + " as serial", control("1.3.6.1.5.5.7.7.24", element(0x30, hex("3000") + number)));
    feed_controls(about + " as status", control("1.3.6.1.5.5.7.7.25", element(0x30, number + asn1("30{020101}"))));
    feed_controls(about + " as reason", control("1.3.6.1.5.5.7.7.17", element(0x30, asn1("3000 020101") + element(0x0A, content))));
    run(read_as("CertTemplate"), about + " as serial of a template", element(0x30, element(0x81, content)));
    const Bytes pbm = element(0x30, asn1("0400 30{06022a03}") + number + asn1("30{06022a03}"));
    run(read_as("PBMParameter"), about + " as iteration count", pbm);
  }
  const std::vector<std::pair<const char*, Bytes>> oids{
      {"empty", {}}, {"cut", hex("2a86")}, {"leading 80", hex("8001")}, {"80 alone", hex("80")}, {"an arc with leading 80", hex("2a8001")},
      {"a million arcs", Bytes(1'000'000, 0x01)}, {"an arc of 300 KB", Bytes(300'000, 0xFF) + hex("7f")},
      {"64 octets", Bytes(64, 0x01)}, {"65 octets", Bytes(65, 0x01)},
      {"statusInfoV2 + 2^32", hex("2b0601050507 07 9080808019")}, {"statusInfoV2 + 2^63", hex("2b0601050507 07 81808080808080808019")},
      {"statusInfoV2 + 2^64", hex("2b0601050507 07 82808080808080808019")}};
  for (const auto& [about, content] : oids) {
    const Bytes oid = element(0x06, content);
    feed_controls(std::string("OID ") + about, element(0x30, hex("020101") + oid + hex("3100")));
    feed_controls(std::string("OID ") + about + " as algorithm", control("1.3.6.1.5.5.7.7.34", element(0x30, element(0x30, oid) + element(0x30, oid) + hex("0400"))));
    run(read_as("GeneralName"), std::string("OID ") + about + " as registeredID", element(0x88, content));
    run(read_as_any_type, std::string("OID ") + about, oid);
    if (!content.empty() && content.size() < 20 && content.size() > 9) {
      const Bytes bytes = element(0x30, hex("020101") + oid + hex("3100"));
      Decoder decoder;
      const auto read = decoder.decode<TaggedAttribute>(Octets(bytes));
      const bool aliased = read.ok() && control_row(read->attr_type) != nullptr;
      ++(aliased ? failed : passed);
      if (aliased) std::cout << "FAILED OID " << about << " is taken for a control\n";
    }
  }
  for (const auto* text : {"0c02c0af", "0c03eda080", "0c04f4908080", "0c01c3", "0c01ff", "1e0100", "1e03004100", "1c03000000", "13020041",
                           "0c03610062", "1403ff00ff", "16020a0d", "1300", "0c00"}) {
    const std::string digits = text;
    const Bytes string = hex(digits);
    const Bytes name = element(0x30, element(0x31, element(0x30, asn1("0603550403") + string)));
    const Bytes info = element(0x30, hex("020100") + name + asn1("30{30{06022a03} 030100} a000"));
    feed(digits + " in a subject", element(0x30, info + asn1("30{06022a03} 030100")));
    feed_controls(digits + " as identification", control("1.3.6.1.5.5.7.7.2", string));
    feed_controls(digits + " in a getCert", control("1.3.6.1.5.5.7.7.15", element(0x30, element(0x82, string) + hex("020101"))));
    feed_controls(digits + " in a status", control("1.3.6.1.5.5.7.7.25", element(0x30, asn1("020102 30{020101}") + string)));
  }
}

// --- CMC -----------------------------------------------------------------------------------------------------------

void body_parts() {
  const auto tcr = [](const char* id) {
    return element(0xA0, hex(id) + asn1("30{ 30{020100 3000 30{30{06022a03} 030100} a000} 30{06022a03} 030100 }"));
  };
  for (const auto* id : {"020100", "020101", "020500ffffffff", "02050100000000", "0201ff", "0209010000000000000000", "0200", "02020001"}) {
    feed(std::string("BodyPartID ") + id, pki_data(element(0x30, hex(id) + asn1("06022a03 3100")), tcr(id)));
    feed(std::string("BodyPartID twice ") + id, pki_data(repeat(element(0x30, hex(id) + asn1("06022a03 3100")), 2), repeat(tcr(id), 2)));
    for (const ControlRow& row : control_rows()) {
      feed_controls(std::string(row.name) + " with " + id, control(row, hex(id)));
      feed_controls(std::string(row.name) + " with a list of " + id, control(row, element(0x30, hex(id))));
      feed_controls(std::string(row.name) + " with a path of 50 " + id, control(row, element(0x30, repeat(hex(id), 50))));
    }
  }
  const Bytes request = pki_data({});
  const Bytes response = asn1("30{3000 3000 3000}");
  feed("PKIData under id-cct-PKIResponse", in_signed_data(pki_response_oid, request));
  feed("PKIResponse under id-cct-PKIData", in_signed_data(pki_data_oid, response));
  for (std::size_t count = 0; count < 8; ++count) {
    const Bytes members = element(0x30, repeat(hex("3000"), count));
    feed(std::to_string(count) + " members", members);
    feed(std::to_string(count) + " members as request", in_signed_data(pki_data_oid, members));
    feed(std::to_string(count) + " members as response", in_signed_data(pki_response_oid, members));
  }
  Bytes untagged = tcr("020101");
  untagged[0] = 0x30;
  feed("an untagged request", pki_data({}, untagged));
  for (std::size_t tag = 0; tag < 256; ++tag) {
    untagged[0] = static_cast<std::uint8_t>(tag);
    feed("a request with tag " + std::to_string(tag), pki_data({}, untagged));
  }
}

void nested_messages() {
  for (const std::size_t levels : {std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9}, std::size_t{50}, std::size_t{1'000}}) {
    Bytes message = in_signed_data(pki_data_oid, pki_data({}));
    for (std::size_t i = 0; i < levels; ++i) {
      const Bytes cms = element(0x30, element(0x30, hex("020101") + message));
      message = in_signed_data(pki_data_oid, element(0x30, hex("3000 3000") + cms + hex("3000")));
    }
    feed(std::to_string(levels) + " messages inside each other", message);
  }
  Bytes message = in_signed_data(pki_data_oid, pki_data({}));
  for (std::size_t i = 0; i < (sanitized ? 3 : 5); ++i) {
    const Bytes cms = element(0x30, repeat(element(0x30, hex("020101") + message), 6));
    message = in_signed_data(pki_data_oid, element(0x30, hex("3000 3000") + cms + hex("3000")));
  }
  run(read_as("ContentInfo"), "six messages in each, five levels", message);
}

void values_of_other_types() {
  std::vector<std::pair<std::string, Bytes>> values;
  for (const AnyType& type : whole_types()) {
    for (const std::size_t variant : {0u, 1u, 2u, 4u}) {
      if (const auto der = type.sample(variant)) values.emplace_back(type.name, *der);
    }
  }
  for (const ControlRow& row : control_rows()) {
    Bytes controls;
    feed_controls(std::string(row.name) + " without value", control(row, {}));
    for (const auto& [type, value] : values) {
      const std::string about = std::string(row.name) + " with " + type;
      feed(about, pki_data(control(row, value)));
      feed(about + " twice", pki_data(control(row, value + value)));
      controls.insert(controls.end(), value.begin(), value.end());
    }
    feed_controls(std::string(row.name) + " with all values", control(row, controls));
  }
  for (const auto& [type, value] : values) {
    run(read_as_any_type, "all types with " + type, value);
    feed_controls("a value of " + type + " under an unknown control", control("1.3.6.1.5.5.7.7.99", value));
  }
}

void iteration_counts() {
  for (const auto* count : {"020100", "020101", "0201ff", "02050080000000", "0209008000000000000000", "0209010000000000000001"}) {
    const Bytes pbm = element(0x06, *oid_content("1.2.840.113533.7.66.13"));
    const Bytes parameters = element(0x30, asn1("0400 30{06022a03}") + hex(count) + asn1("30{06022a03}"));
    const Bytes algorithm = element(0x30, pbm + parameters);
    for (const auto* oid : {"1.3.6.1.5.5.7.7.33", "1.3.6.1.5.5.7.7.34"}) {
      feed_controls(std::string("iteration count ") + count, control(oid, element(0x30, algorithm + algorithm + hex("0400"))));
    }
    run(read_as("PKMACValue"), std::string("iteration count ") + count, element(0x30, algorithm + hex("030100")));
  }
}

}  // namespace
}  // namespace cmcctl::test

int main(int argc, char** argv) {
  using namespace cmcctl::test;
  if (argc < 2) {
    std::cerr << "usage: hostile_replay VECTORS_DIR [WORD]\n";
    return 2;
  }
  if (argc > 2) only = argv[2];
  const double start = processor_seconds();
  const auto group = [&](const char* name, const auto& function) {
    if (!wanted(name)) return;
    const double begin = processor_seconds();
    const std::size_t before = passed + failed;
    function();
    std::cout << name << ": " << passed + failed - before << " inputs, " << processor_seconds() - begin << " s\n";
  };
  group("lengths", [&] { for (const Vector& vector : messages(argv[1])) bend_lengths(vector); });
  group("contents", [&] { for (const Vector& vector : messages(argv[1])) bend_contents(vector); });
  group("deep", deep_ones);
  group("wide", wide_ones);
  group("widest", widest_ones);
  group("sorted backwards", sorted_backwards);
  group("numbers and names", numbers_and_names);
  group("body parts", body_parts);
  group("nested messages", nested_messages);
  group("values of other types", values_of_other_types);
  group("iteration counts", iteration_counts);
  std::cout << passed << " passed, " << failed << " failed; at most " << static_cast<int>(slowest * 100)
            << " % of the allowed time, " << (largest_memory >> 20) << " MiB; " << processor_seconds() - start << " s\n";
  return failed == 0 ? 0 : 1;
}
