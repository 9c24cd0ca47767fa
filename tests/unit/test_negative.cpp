// Every file of tests/vectors/negative is one input that has to be refused: with this code, at this byte, on this path.
//
//   about  = what is wrong
//   rule   = identifier in docs/requirements.tsv; may be empty
//   origin = where the octets are from
//   input  = hexadecimal octets, or: file = path of a message, relative to this file
//   patch  = OFFSET:HEX[, OFFSET:HEX...]   octets to put over those of the file
//   cut    = how many octets to keep
//   append = octets to put behind
//   type   = a type of the public headers, or
//            control (a TaggedAttribute and the one value that it has to have), or
//            walk (a ContentInfo and all that it holds: the first refusal counts)
//   expect = CODE @OFFSET PATH
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <cmcctl/codec/controls.hpp>

#include "../support/first_refusal.hpp"
#include "catch.hpp"
#include "hex.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

namespace fs = std::filesystem;
using Case = std::map<std::string, std::string>;

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

Case read_case(const fs::path& path) {
  Case fields;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto equals = line.find('=');
    if (line.empty() || line[0] == '#' || equals == std::string::npos) continue;
    fields[trimmed(line.substr(0, equals))] = trimmed(line.substr(equals + 1));
  }
  return fields;
}

Bytes input_of(const Case& fields, const fs::path& folder) {
  Bytes bytes;
  if (fields.contains("file")) {
    std::ifstream in(folder / fields.at("file"), std::ios::binary);
    REQUIRE(in);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  } else {
    bytes = hex(fields.at("input"));
  }
  if (fields.contains("patch")) {
    std::istringstream patches(fields.at("patch"));
    for (std::string patch; std::getline(patches, patch, ',');) {
      const auto colon = patch.find(':');
      const std::size_t offset = std::stoul(patch.substr(0, colon));
      const Bytes octets = hex(patch.substr(colon + 1));
      REQUIRE(offset + octets.size() <= bytes.size());
      std::ranges::copy(octets, bytes.begin() + static_cast<std::ptrdiff_t>(offset));
    }
  }
  if (fields.contains("cut")) bytes.resize(std::stoul(fields.at("cut")));
  if (fields.contains("append")) bytes = bytes + hex(fields.at("append"));
  return bytes;
}

std::optional<Error> refusal(const std::string& type, Octets bytes) {
  Decoder decoder;
  FirstRefusal refusal;
  if (type == "walk") {
    decoder.reset(bytes);
    walk(decoder, refusal, any_type("ContentInfo"), bytes);
    return refusal.first;
  }
  if (type == "control") {
    const auto control = decoder.decode<TaggedAttribute>(bytes);
    if (!control) return control.error();
    const auto value = decode_control<SenderNonce>(decoder, *control);
    return value.ok() ? std::nullopt : std::optional(value.error());
  }
  const AnyType& one = any_type(type);
  return one.decode(decoder, Any{bytes}, one.make().get());
}

std::vector<fs::path> case_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(vectors_dir()) / "negative")) {
    if (entry.path().extension() == ".vec") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

TEST_CASE("every negative vector is refused as its file says") {
  std::size_t count = 0;
  for (const fs::path& path : case_files()) {
    const Case fields = read_case(path);
    INFO(path.filename().string());
    for (const auto* field : {"about", "rule", "origin", "type", "expect"}) {
      INFO(field);
      REQUIRE(fields.contains(field));
    }
    ++count;
    const Bytes bytes = input_of(fields, path.parent_path());
    const auto error = refusal(fields.at("type"), Octets(bytes));
    std::string found = "accepted";
    if (error) {
      found = std::string(error_info(error->code).name) + " @" + std::to_string(error->offset);
      if (!error->path.empty()) found += " " + error->path;
      CHECK(error->offset <= bytes.size());
    }
    CHECK(found == fields.at("expect"));
    // The catalogue may have a closer rule than the decoder knows; the decoder must not name another one.
    if (error && !error->rule.empty() && !fields.at("rule").empty()) CHECK(error->rule == fields.at("rule"));
  }
  CHECK(count >= 40);
}

// not_a_message comes from the layers above the codec's types.
TEST_CASE("the negative vectors meet every error of encoding and structure") {
  std::set<std::string> met;
  for (const fs::path& path : case_files()) {
    const std::string expected = read_case(path)["expect"];
    met.insert(expected.substr(0, expected.find(' ')));
  }
  for (const Errc code :
       {Errc::empty_input, Errc::truncated, Errc::trailing_data, Errc::bad_tag, Errc::bad_length, Errc::bad_boolean,
        Errc::bad_integer, Errc::bad_null, Errc::bad_bit_string, Errc::bad_oid, Errc::bad_string, Errc::bad_indefinite,
        Errc::unexpected_tag, Errc::missing_member, Errc::unexpected_member, Errc::no_alternative,
        Errc::value_out_of_range, Errc::wrong_value_count, Errc::limit_exceeded}) {
    INFO(error_info(code).name);
    CHECK(met.contains(std::string(error_info(code).name)));
  }
}

}  // namespace cmcctl::test
