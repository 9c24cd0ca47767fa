#include "catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/text.hpp>

#include "hex.hpp"
#include "processor_time.hpp"
#include "vectors_dir.hpp"

using namespace cmcctl;
using namespace cmcctl::test;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace {

const fs::path vectors = vectors_dir();

const std::string request = "bouncycastle/pkidata-tcr-ec-ski-ber.der";
const std::string response = "collected/usgest-certs-only.der";
const std::string p10 = "collected/libest-pkcs10-ec.der";
const std::string cert = "bouncycastle/ra.crt.der";

Bytes read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes bytes_of(std::string_view text) {
  const Octets octets(text);
  return {octets.begin(), octets.end()};
}

std::string chars_of(const Bytes& bytes) { return std::string(Octets(bytes).chars()); }

Result<std::vector<InputBlock>> read(std::string_view text, std::optional<Form> forced = {}) {
  return read_blocks(Octets(text), Limits{}, forced);
}

struct Block {
  std::string label;
  std::size_t line;
  std::string message;
};

struct FormFile {
  std::string name;
  Form form;
  std::vector<Block> blocks;
};

const std::string certs_only = "application/pkcs7-mime; smime-type=certs-only";
const std::string cmc_request = "application/pkcs7-mime; smime-type=CMC-Request";

const std::vector<FormFile>& form_files() {
  static const std::vector<FormFile> files{
      {"wrapped.b64", Form::base64, {{"", 1, response}}},
      {"one-line.b64", Form::base64, {{"", 1, response}}},
      {"url-safe.b64", Form::base64, {{"", 1, p10}}},
      {"indented-crlf.b64", Form::base64, {{"", 1, response}}},
      {"plain.hex", Form::hex, {{"", 1, p10}}},
      {"prefixed-upper.hex", Form::hex, {{"", 1, p10}}},
      {"colons.hex", Form::hex, {{"", 1, p10}}},
      {"initialiser.hex", Form::hex, {{"", 1, p10}}},
      {"xxd.hex", Form::hex, {{"", 1, p10}}},
      {"xxd-single-crlf.hex", Form::hex, {{"", 1, p10}}},
      {"hexdump.hex", Form::hex, {{"", 1, p10}}},
      {"request.pem", Form::pem, {{"CERTIFICATE REQUEST", 1, p10}}},
      {"request-text.pem", Form::pem, {{"CERTIFICATE REQUEST", 25, p10}}},
      {"pkcs7.pem", Form::pem, {{"PKCS7", 1, response}}},
      {"crlf.pem", Form::pem, {{"CMS", 1, response}}},
      {"cr.pem", Form::pem, {{"CMS", 1, response}}},
      {"indented.pem", Form::pem, {{"CMC REQUEST", 1, request}}},
      {"long-line.pem", Form::pem, {{"PKCS7", 1, response}}},
      {"lost-line-ends.pem", Form::pem, {{"NEW CERTIFICATE REQUEST", 1, p10}}},
      {"explained.pem", Form::pem, {{"CERTIFICATE", 4, cert}}},
      {"headers.pem", Form::pem, {{"PKCS7", 1, response}}},
      {"several.pem", Form::pem, {{"CERTIFICATE", 3, cert}, {"CERTIFICATE REQUEST", 21, p10}, {"CMS", 28, response}}},
      {"utf8-mark.pem", Form::pem, {{"PKCS7", 1, response}}},
      {"utf16le.pem", Form::pem, {{"PKCS7", 1, response}}},
      {"utf16be.pem", Form::pem, {{"PKCS7", 1, response}}},
      {"utf16le-no-mark.pem", Form::pem, {{"PKCS7", 1, response}}},
      {"cmc-request.eml", Form::mime, {{cmc_request, 9, request}}},
      {"binary.eml", Form::mime, {{"application/pkcs10", 4, p10}}},
      {"quoted-printable.eml", Form::mime, {{"PKCS7", 4, response}}},
      {"multipart.eml",
       Form::mime,
       {{"application/pkix-cert", 18, cert},
        {"application/octet-stream", 37, response},
        {"CERTIFICATE REQUEST", 52, p10}}},
      {"request.http", Form::http, {{cmc_request, 6, request}}},
      {"est.http", Form::http, {{certs_only, 4, response}}},
      {"bad-request.http", Form::http, {{"application/pkcs7-mime; smime-type=CMC-Response", 5, response}}},
      {"chunked.http", Form::http, {{"application/x-pkcs7-certs", 7, response}}},
      {"joined.http", Form::http, {{"application/pkcs7-mime", 5, response}}},
      {"pem.http", Form::http, {{"PKCS7", 4, response}}},
      {"multipart.http", Form::http, {{certs_only, 12, response}}},
  };
  return files;
}

void check_blocks(const Result<std::vector<InputBlock>>& found, const FormFile& file) {
  INFO(file.name);
  INFO((found ? "" : to_string(found.error())));
  REQUIRE(found);
  REQUIRE(found->size() == file.blocks.size());
  for (std::size_t i = 0; i < found->size(); ++i) {
    const InputBlock& block = (*found)[i];
    CHECK(block.form == file.form);
    CHECK(block.label == file.blocks[i].label);
    CHECK(block.line == file.blocks[i].line);
    CHECK(block.bytes == read_file(vectors / file.blocks[i].message));
  }
}

struct Refused {
  std::string text;
  Errc code;
  std::size_t offset;
  std::string detail;  // a part of it
};

void check_refused(const Result<std::vector<InputBlock>>& found, const Refused& refused) {
  INFO(escape(refused.text, 200));
  REQUIRE_FALSE(found);
  INFO(to_string(found.error()));
  CHECK(found.error().code == refused.code);
  CHECK(found.error().offset == refused.offset);
  CHECK(found.error().detail.find(refused.detail) != std::string::npos);
}

}  // namespace

TEST_CASE("every form yields the message in it") {
  for (const FormFile& file : form_files()) {
    const Bytes bytes = read_file(vectors / "forms" / file.name);
    check_blocks(read_blocks(Octets(bytes), Limits{}), file);
    check_blocks(read_blocks(Octets(bytes), Limits{}, file.form), file);
  }
}

TEST_CASE("the table has every form file") {
  std::set<std::string> known;
  for (const FormFile& file : form_files()) known.insert(file.name);
  for (const auto& entry : fs::directory_iterator(vectors / "forms")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || name.ends_with(".md") || name.ends_with(".sh")) continue;
    INFO(name);
    CHECK(known.contains(name));
  }
}

TEST_CASE("DER and BER come back as they are") {
  const std::vector<Bytes> messages{
      read_file(vectors / request),
      read_file(vectors / response),
      read_file(vectors / response) + bytes_of("\n-----BEGIN X-----\n"),
      hex("3000"),
      hex("30800000"),
      hex("30 82 10 27 02 01"),              // cut off
      asn1("30{0c{20202020202020202020}}"),  // text, too
      asn1("0a{05}"),                        // ENUMERATED: a line feed, as text
      hex("0c 05 68 65 6c 6c 6f"),           // UTF8String: a form feed
      hex("02 01 05"),
      hex("04 03 ff fe fd"),
      hex("ff fe fd fc fb"),  // none, as the decoder will say
  };
  for (const Bytes& message : messages) {
    INFO(to_hex(Octets(message)));
    if (message[0] == 0xFF) continue;  // a byte order mark
    const auto blocks = read_blocks(Octets(message), Limits{});
    REQUIRE(blocks);
    REQUIRE(blocks->size() == 1);
    CHECK(blocks->front().form == Form::der);
    CHECK(blocks->front().bytes == message);
    CHECK(blocks->front().label.empty());
    CHECK(blocks->front().line == 0);
  }
  const auto indented = read("\n  \x30\x03\x02\x01\x05");
  REQUIRE(indented);
  CHECK(indented->front().bytes == hex("3003020105"));
  const auto forced = read("\xFF\xFE 3000", Form::der);
  REQUIRE(forced);
  CHECK(forced->front().bytes == bytes_of("\xFF\xFE 3000"));
}

TEST_CASE("PEM blocks of every kind come back") {
  for (const std::string label : {"PRIVATE KEY", "EC PARAMETERS", "", "X509 CRL", "CMC RESPONSE", "\xC3\xA4"}) {
    const auto blocks = read("-----BEGIN " + label + "-----\nMAMCAQU=\n-----END " + label + "-----\n");
    INFO(label);
    REQUIRE(blocks);
    CHECK(blocks->front().label == label);
    CHECK(blocks->front().bytes == hex("3003020105"));
  }
}

TEST_CASE("what is no message in any form is refused with its place") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::vector<Refused> cases{
      {"", Errc::empty_input, 0, "no bytes"},
      {" \r\n\t", Errc::empty_input, 0, "only white space"},
      {"\xEF\xBB\xBF", Errc::empty_input, 0, ""},
      {"\xFF\xFE", Errc::empty_input, 0, ""},
      {"hello, world", Errc::unknown_form, 0, ""},
      {"hello world", Errc::unknown_form, 0, ""},
      {"sch\xC3\xB6n", Errc::unknown_form, 0, ""},
      {" {\"cmc\": 1}", Errc::unknown_form, 0, "cmcctl encode"},
      {"<wst:RequestSecurityTokenResponse/>", Errc::unknown_form, 0, "XML"},
      {"see -----BEGIN X----- below", Errc::bad_pem, 0, "no -----BEGIN line"},
      {"MAMCAQU=\n-----END X-----\n", Errc::bad_pem, 0, "no -----BEGIN line"},
      // damaged, and long enough to tell what it was
      {"MIIB" + std::string(60, 'A') + "\nAAA?", Errc::bad_base64, 68, "none of base64's in line 2"},
      {"MIIB" + std::string(50, 'A') + "?", Errc::unknown_form, 0, ""},
      {"MIIB" + std::string(60, '.'), Errc::unknown_form, 0, ""},
      {"My " + std::string(60, 'A') + ",", Errc::unknown_form, 0, ""},
      {"3082" + std::string(60, '0') + "\n00g0", Errc::bad_hex, 67, "no hexadecimal digit in line 2"},
      {"1182" + std::string(60, '0') + "\n00?0", Errc::unknown_form, 0, ""},
      // PEM
      {"a\n-----BEGIN X-----\nMAMCAQU=\n", Errc::bad_pem, 2, "no -----END line for -----BEGIN X in line 2"},
      {"-----BEGIN X-----\nMAMC\n-----BEGIN Y-----\nMAMCAQU=\n-----END Y-----\n", Errc::bad_pem, 0, "for -----BEGIN X"},
      {"-----BEGIN X-----\r\nMAMCAQU=\r\n-----END Y-----\r\n", Errc::bad_pem, 29,
       "does not match -----BEGIN X in line 3"},
      {"-----BEGIN X-----\nMAMCAQU=\n-----END X Y-----\n", Errc::bad_pem, 27, "does not match"},
      {"-----BEGIN X\nMAMCAQU=\n-----END X-----\n", Errc::bad_pem, 0, "without its closing dashes in line 1"},
      {"-----BEGIN X-----\n \n-----END X-----\n", Errc::bad_pem, 0, "nothing between"},
      {"-----BEGIN X-----\rMAMC\rAQ?=\r-----END X-----\r", Errc::bad_base64, 25, "in line 3"},
      {"-----BEGIN X-----\n====\n-----END X-----\n", Errc::bad_base64, 17, "no base64 digits"},
      {"-----BEGIN X-----\nMAM\0AQU=\n-----END X-----\n"s, Errc::bad_base64, 21, "in line 2"},
      {"-----BEGIN X-----\nMAMC=AQU\n-----END X-----\n", Errc::bad_base64, 23, "after the padding in line 2"},
      {"-----BEGIN X-----\nA: b\nMAMCAQU=\n-----END X-----\n", Errc::bad_base64, 19, "in line 2"},
      {"-----BEGIN \x1B[2J-----\nMAMCAQU=\n", Errc::bad_pem, 0, "\\u{1B}[2J"},
      {"\xEF\xBB\xBF\n-----BEGIN X-----\n?\n-----END X-----", Errc::bad_base64, 22, "in line 3"},
      {"\xFF\xFE-\0-\0-\0-\0-\0B\0E\0G\0I\0N\0 \0X\0-\0-\0-\0-\0-\0\n\0?\0\n\0-\0-\0-\0-\0-\0E\0N\0D\0 \0X\0-\0-\0-\0-\0-\0"s,
       Errc::bad_base64, 38, "in line 2"},
      // base64 and hexadecimal
      {"====", Errc::bad_base64, 0, "no base64 digits"},
      {"MAMCA", Errc::bad_base64, 0, "one digit too many or too few"},
      {"MAMC\nAQ=U\n", Errc::bad_base64, 8, "in line 2"},
      {"3003\n02010\n", Errc::bad_hex, 0, "odd number"},
      {"00000000: 3003 0201  0...\n00000008: 05  .\n", Errc::bad_hex, 26, "the offset does not fit"},
      {"00000000  30 03 |0.|\n*\n00000020\n", Errc::bad_hex, 21, "hexdump -v"},
      {"00000000: 3003 0g01\n", Errc::bad_hex, 16, "in line 1"},
      {"00000000: 3003\nnothing\n", Errc::bad_hex, 15, "no offset"},
      // MIME
      {"Content-Type: text/plain\n\nHello, all!\n", Errc::bad_mime, 26, "no message in the body of type text/plain"},
      {"Content-Type: a\x8D\n\nHello, all!\n", Errc::bad_mime, 18, "of type a\\x{8D} in line 3"},
      {"Content-Type: application/pkcs7-mime\n\n \n", Errc::bad_mime, 38, "no body"},
      {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>\n--b--\n",
       Errc::bad_mime, 61, "no part"},
      {"Content-Type: multipart/mixed; boundary=b\n\nno boundary\n", Errc::bad_mime, 43, "no part"},
      {"Content-Type: application/pkcs10\nContent-Transfer-Encoding: base64\n\nMAM?\n", Errc::bad_base64, 71,
       "in line 4"},
      // HTTP
      {"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>no \xE4</html>", Errc::bad_http, 51,
       "no message in the body after \"HTTP/1.1 404 Not Found\": text/html, 17 octets in line 4"},
      {"HTTP/1.1 500 \x1B[2J\r\n\r\nNot Found", Errc::bad_http, 21, "\"HTTP/1.1 500 \\u{1B}[2J\": 9 octets"},
      {"HTTP/1.1 204 No Content\r\n\r\n", Errc::bad_http, 27, "no body after \"HTTP/1.1 204 No Content\""},
      {"GET /ca HTTP/1.1\r\nHost: a\r\n\r\n", Errc::bad_http, 29, "no body"},
      {head + "Content-Length: 9\r\n\r\n\x30\x03\x02", Errc::bad_http, 38, "the body has 3 of the 9 octets"},
      {head + "Content-Length: 12abc\r\n\r\n\x30\x03\x02\x01\x05", Errc::bad_http, 42, "Content-Length is \"12abc\""},
      {head + "Content-Length: -1\r\n\r\n\x30\x03\x02\x01\x05", Errc::bad_http, 39, "Content-Length"},
      {head + "Content-Length: 99999999999999999999\r\n\r\n\x30\x03\x02\x01\x05", Errc::bad_http, 57, "Content-Length"},
      {head + "Content-Encoding: gzip\r\n\r\n\x1F\x8B", Errc::bad_http, 43, "Content-Encoding is gzip"},
      {head + "Transfer-Encoding: gzip, chunked\r\n\r\n\x1F\x8B", Errc::bad_http, 53,
       "Transfer-Encoding is gzip, chunked"},
      {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n\x30\x03\x02", Errc::bad_http, 47, "a chunk"},
      {head + "Transfer-Encoding: chunked\r\n\r\n2\r\n\x30\x03\r\n-3\r\n\x02\x01\x05\r\n0\r\n\r\n", Errc::bad_http, 54,
       "a chunk"},
      {head + "Transfer-Encoding: chunked\r\n\r\n2\r\n\x30\x03\x02\r\n0\r\n\r\n", Errc::bad_http, 50, "a chunk"},
      {head + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx", Errc::bad_http, 47, ""},
      {head + "Content-Type: application/pkcs7-mime\r\nTransfer-Encoding: chunked\r\n\r\n"
              "4\r\nMAMC\r\n6\r\nAQU=!\n\r\n0\r\n\r\n",
       Errc::bad_http, 88, "no message in the body"},
  };
  for (const Refused& refused : cases) check_refused(read(refused.text), refused);
}

TEST_CASE("a form that is forced is not guessed") {
  const std::vector<std::pair<Form, Refused>> cases{
      {Form::base64, {"-----BEGIN X-----\nMAMCAQU=\n-----END X-----\n", Errc::bad_base64, 0, "a line of PEM"}},
      {Form::base64, {"MAMCAQ?=", Errc::bad_base64, 6, "none of base64's in line 1"}},
      {Form::hex, {"3003xyz", Errc::bad_hex, 4, "no hexadecimal digit"}},
      {Form::pem, {"MAMCAQU=", Errc::bad_pem, 0, "no -----BEGIN line"}},
      {Form::mime, {"MAMCAQU=", Errc::bad_mime, 0, "no header field"}},
      {Form::http, {"MAMCAQU=", Errc::bad_http, 0, "the first line"}},
  };
  for (const auto& [form, refused] : cases) check_refused(read(refused.text, form), refused);
  const auto digits = read("30030201", Form::base64);  // would be hexadecimal
  REQUIRE(digits);
  CHECK(digits->front().form == Form::base64);
  CHECK(digits->front().bytes.size() == 6);
}

TEST_CASE("words that are base64 by chance are no message, unless something says so") {
  CHECK_FALSE(read("Request pending approval"));
  CHECK(read("MAMC AQU="));
  CHECK_FALSE(read("HTTP/1.1 503 Busy\r\n\r\nService Unavailable\r\n"));
  CHECK_FALSE(read("HTTP/1.1 503 Busy\r\n\r\nUnavailable\r\n"));
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Type: application/pkcs7-mime\r\n\r\nBAEF\r\n"));
  CHECK(read("HTTP/1.1 200 OK\r\n\r\nMAMCAQU=\r\n"));
}

TEST_CASE("message_octets holds for the file and for each message") {
  Limits limits;
  limits.message_octets = 520;
  const Bytes der = read_file(vectors / response);
  REQUIRE(der.size() == 520);
  const Bytes pem = read_file(vectors / "forms/pkcs7.pem");
  CHECK(read_blocks(Octets(der), limits));
  CHECK(read_blocks(Octets(pem), limits));
  limits.message_octets = 519;
  for (const Bytes& bytes : {der, pem, read_file(vectors / "forms/est.http"), read_file(vectors / "forms/one-line.b64"),
                             read_file(vectors / "forms/chunked.http"), read_file(vectors / "forms/multipart.eml")}) {
    const auto blocks = read_blocks(Octets(bytes), limits);
    REQUIRE_FALSE(blocks);
    CHECK(blocks.error().code == Errc::limit_exceeded);
    CHECK(blocks.error().detail.find("message_octets") != std::string::npos);
  }
  const std::string text = chars_of(pem) + std::string(4 * 520 - pem.size(), ' ');
  limits.message_octets = 520;
  CHECK(read_blocks(Octets(text), limits));
  const auto longer = read_blocks(Octets(text + "    "), limits);
  REQUIRE_FALSE(longer);
  CHECK(longer.error().code == Errc::limit_exceeded);
}

TEST_CASE("lines of any length, and many blocks") {
  const Bytes message = element(0x30, element(0x04, Bytes(300'000, 0x5A)));
  const std::string line = base64(Octets(message));
  const auto pem = read("-----BEGIN CMS-----\n" + line + "\n-----END CMS-----\n");
  REQUIRE(pem);
  CHECK(pem->front().bytes == message);
  CHECK(read(line)->front().bytes == message);

  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "-----BEGIN A-----\nMAMCAQU=\n-----END A-----\n\n";
  const auto blocks = read(many);
  REQUIRE(blocks);
  REQUIRE(blocks->size() == 1'000);
  CHECK(blocks->back().line == 1 + 999 * 4);
}

TEST_CASE("multiparts inside each other end somewhere, headers too") {
  std::string nested;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "b" + std::to_string(i);
    nested += "Content-Type: multipart/mixed; boundary=" + name + "\n\n--" + name + "\n";
  }
  const auto deep = read(nested + "Content-Type: application/pkcs10\n\nMAMCAQU=\n");
  REQUIRE_FALSE(deep);
  CHECK(deep.error().code == Errc::bad_mime);

  const auto long_header =
      read("HTTP/1.1 200 OK\r\n" + std::string(200'000, 'x') + ": 1\r\n" + std::string(200'000, 'y') + ": 2\r\n");
  REQUIRE_FALSE(long_header);
  CHECK(long_header.error().code == Errc::bad_http);
  CHECK(long_header.error().detail.find("a header of more than") != std::string::npos);
}

// Each of these took time with the square of its length in some reader.
TEST_CASE("time grows with the length and no faster", "[time]") {
  constexpr std::size_t size = 2'000'000;
  const auto times = [](const std::string& part) {
    std::string text;
    while (text.size() < size) text += part;
    return text;
  };
  const std::vector<std::string> inputs{
      times("-----BEGIN "),
      times("x-----BEGIN "),
      times("-----BEGIN A-----\n"),
      times("-----BEGIN A-----\nMAMCAQU=\n-----END A-----\n"),
      times("-----BEGIN A-----MAMCAQU=-----END A-----"),
      times("\n") + "-----BEGIN A-----\n?",
      "Content-Type: a" + times(";"),
      "Content-Type: multipart/mixed" + times(";x") + "; boundary=b\n\n--b",
      "Content-Type: multipart/mixed; boundary=b\n" + times("\n--b"),
      "Content-Type: multipart/mixed; boundary=b\n" + times("\n--b\nContent-Type: multipart/mixed; boundary=b\n"),
      "Content-Type: x\nContent-Transfer-Encoding: quoted-printable\n\n" + times("= "),
      "HTTP/1.1 200 OK\n" + times("a:b\n"),
      "HTTP/1.1 200 OK\n" + times(" "),
      times("HTTP/1.1 100 Continue\n\n"),
      "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" + times("1\nM\n"),
      times("00000000  "),
      times("00000000: 30\n"),
      times("0x"),
      times("M \t"),
  };
  for (const std::string& input : inputs) {
    const double start = processor_seconds();
    (void)read(input);
    INFO(escape(input, 60));
    CHECK(processor_seconds() - start < 5.0);
  }
}

TEST_CASE("forms have names") {
  CHECK(to_string(Form::der) == "DER");
  CHECK(to_string(Form::pem) == "PEM");
  CHECK(to_string(Form::base64) == "base64");
  CHECK(to_string(Form::hex) == "hex");
  CHECK(to_string(Form::mime) == "MIME");
  CHECK(to_string(Form::http) == "HTTP");
}
