// Prints the dictionary of a fuzz target, in the form that libFuzzer and AFL++ read: what the tables of the library know,
// and the words of the forms around a message.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iostream>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/values.hpp>

#include "json_form.hpp"
#include "scan.hpp"
#include "schema.hpp"

namespace {

using namespace cmcctl;
using namespace std::string_view_literals;

/// Printable characters as they are, everything else as \xNN.
std::string quoted(std::string_view word) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : word) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += std::string("\\") + c;
    } else if (octet >= 0x20 && octet < 0x7F) {
      text += c;
    } else {
      text += std::string("\\x") + digits[octet >> 4] + digits[octet & 15];
    }
  }
  return text + '"';
}

class Dictionary {
 public:
  void add(std::string_view word) {
    if (!word.empty() && words_.emplace(word).second) std::cout << quoted(word) << '\n';
  }
  void add(std::span<const std::string_view> words) {
    for (const std::string_view word : words) add(word);
  }

 private:
  std::set<std::string, std::less<>> words_;
};

std::string content_of(const OidEntry& entry) {
  const auto content = oid_content(entry.dotted);
  return {content->begin(), content->end()};
}

void add_der(Dictionary& dictionary) {
  constexpr std::string_view elements[]{
      "\x30\x00"sv,     "\x30\x80"sv,         "\x30\x82\x01\x00"sv, "\x31\x00"sv, "\x00\x00"sv,     "\x01\x01\xFF"sv,
      "\x01\x01\x00"sv, "\x02\x01\x00"sv,     "\x02\x01\x03"sv,     "\x05\x00"sv, "\x03\x02\x00"sv, "\x24\x80"sv,
      "\xA0\x80"sv,     "\x02\x04\x7F\xFF"sv, "\x0C\x01"sv,         "\x13\x02"sv, "\x84\x00"sv,     "\x1F\x81\x00"sv,
      "\x17\x0D"
      "260721035244Z"sv,
      "\x18\x0F"
      "20260721035244Z"sv};
  dictionary.add(elements);
  for (std::uint8_t number = 0; number < 10; ++number) {
    dictionary.add(std::string{static_cast<char>(0x80 | number), '\0'});
    dictionary.add(std::string{static_cast<char>(0xA0 | number), '\x02', '\x05', '\0'});
  }
  for (const OidEntry& entry : oid_entries()) {
    const std::string content = content_of(entry);
    dictionary.add(std::string{'\x06', static_cast<char>(content.size())} + content);
  }
}

void add_oids(Dictionary& dictionary) {
  for (const OidEntry& entry : oid_entries()) {
    dictionary.add(content_of(entry));
    dictionary.add(entry.dotted);
  }
}

void add_pem(Dictionary& dictionary) {
  constexpr std::string_view words[]{
      "-----BEGIN ", "-----END ", "-----", "-----BEGIN CMS-----\n", "\n-----END CMS-----\n", "PKCS7", "CERTIFICATE",
      "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "X509 CRL", "Proc-Type: 4,ENCRYPTED\n", "\n\n", "\r\n", "\r",
      "\xEF\xBB\xBF", "\xFF\xFE", "MIIB", "MIAG", "=", "=="};
  dictionary.add(words);
}

void add_forms(Dictionary& dictionary) {
  constexpr std::string_view words[]{
      "HTTP/1.1 200 OK\r\n", "POST /cmc HTTP/1.1\r\n", "Content-Type: ", "Content-Length: ", "MIME-Version: 1.0\r\n",
      "Content-Transfer-Encoding: ", "Transfer-Encoding: chunked\r\n", "base64", "quoted-printable", "binary", "=3D",
      "application/pkcs7-mime", "; smime-type=CMC-Request", "; smime-type=CMC-Response", "application/pkcs10",
      "application/pkix-cert", "multipart/mixed; boundary=", "\r\n--", "--\r\n", "\r\n\r\n", "0\r\n\r\n", "0x", "0x30,",
      "00000000: ", "00000000  30 82", "|0.|", "<html"};
  dictionary.add(words);
}

void add_names_of(Dictionary& dictionary, const schema::Type* type, std::set<const schema::Type*>& seen) {
  if (type == nullptr || !seen.insert(type).second) return;
  dictionary.add(type->name);
  add_names_of(dictionary, type->target, seen);
  for (const schema::Member& member : type->members) {
    dictionary.add(member.name);
    add_names_of(dictionary, member.type, seen);
  }
}

void add_json(Dictionary& dictionary) {
  using namespace json_form;
  constexpr std::string_view words[]{
      note::version, note::value, note::raw,      note::tag,   note::length, note::outer,       note::claims, note::segments,
      note::order,   note::omit,  note::extra,    note::defaults, note::bare, note::direct,     note::signed_part,
      indefinite,    kept,        "\"$cmcctl\":1", "\":",      "{\"",        "\"}",             "[\"",        "\",\"",
      "null",        "true",      "false",        "1e9",       "\\u0000",    "\\ud800"};
  dictionary.add(words);
  std::set<const schema::Type*> seen;
  for (const std::string_view root : {"ContentInfo", "PKIData", "PKIResponse", "CertReqMessages", "CertificationRequest",
                                      "Certificate", "CertificateList"}) {
    add_names_of(dictionary, schema::find(root), seen);
  }
  for (const OidEntry& entry : oid_entries()) dictionary.add(entry.name);
}

void add_der_text(Dictionary& dictionary) {
  for (std::uint8_t id = 1; id < 31; ++id) {
    std::string type = tag_name(id);
    std::replace_if(type.begin(), type.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
    dictionary.add(type);
  }
  constexpr std::string_view words[]{
      "indefinite ", "long-form:", "adjust-length:", "long-tag:",  "[0] {",  "[APPLICATION 3]", "[PRIVATE 1]",
      "[0 PRIMITIVE] {", "[OCTET_STRING CONSTRUCTED] {", "[UNIVERSAL 31]", "{ }", "}\n", "`00`", "`", "# ", "\\x{FC}",
      "\\u{20AC}",   "\"",         "TRUE",           "FALSE"};
  dictionary.add(words);
  for (const OidEntry& entry : oid_entries()) dictionary.add(entry.name);
}

void add_times(Dictionary& dictionary) {
  constexpr std::string_view words[]{"260721035244Z", "20260721035244", "20240229", "0229", "1231235960", "Z", "+0000",
                                     "-2359",         ".5",             ",25",      "50"};
  dictionary.add(words);
}

void add_characters(Dictionary& dictionary) {
  constexpr std::string_view words[]{"\\u{",          "\\x{",         "}",            "\xC2\x85",     "\xE2\x80\xAE",
                                     "\xE2\x81\xA6",  "\xE2\x80\x8B", "\xEF\xBB\xBF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                     "\xC0\x80",      "\x1B[2J",      "\x0D\x0A",     "\xD8\x00\xDC\x00"sv};
  dictionary.add(words);
}

struct Row {
  std::string_view target;
  std::initializer_list<void (*)(Dictionary&)> words;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " TARGET\n";
    return 2;
  }
  const Row others{"", {add_der}};
  const Row rows[]{
      {"pem", {add_pem}},
      {"input", {add_pem, add_forms}},
      {"oid", {add_oids}},
      {"time", {add_times}},
      {"text", {add_characters, add_der}},
      {"json", {add_json, add_der}},
      {"der_text", {add_der_text, add_der}},
  };
  const auto* const row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return r.target == argv[1]; });
  Dictionary dictionary;
  for (const auto add : (row == std::end(rows) ? others : *row).words) add(dictionary);
}
