#include <cmcctl/codec/der_text.hpp>

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/values.hpp>

#include "der_text_form.hpp"
#include "der_text_nodes.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

using namespace der_text;

constexpr std::size_t line_octets = 32;     // of hexadecimal on one line
constexpr std::size_t deepest_indent = 32;  // levels; without it deep nesting multiplies the size of the text
constexpr std::size_t shortest_text = 4;    // fewer printable octets are more likely chance than text

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::string_view run = text.substr(0, text.find_first_of("\"\\"));
    out += escape(run, run.size());
    text.remove_prefix(run.size());
    if (text.empty()) break;
    out += '\\';
    out += text[0];
    text.remove_prefix(1);
  }
  return out + "\"";
}

bool is_printable(Octets octets) {
  return octets.size() >= shortest_text &&
         std::ranges::all_of(octets, [](std::uint8_t octet) { return octet >= 0x20 && octet <= 0x7E; });
}

/// A value in words and what is remarked on it; nothing where hexadecimal says it better.
struct Words {
  std::string value;
  std::string comment;
};

std::optional<Words> text_words(Octets content) {
  std::string text = quoted(content.chars());
  if (text.size() > 4 * content.size()) return std::nullopt;  // mostly escapes
  return Words{std::move(text), {}};
}

std::optional<Words> boolean_words(Octets content) {
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xFF)) return std::nullopt;
  return Words{content[0] == 0 ? "FALSE" : "TRUE", {}};
}

std::optional<Words> number_words(Octets content) {
  const auto number = Integer{content}.to_int64();
  if (!number || Octets(integer_content(*number)) != content) return std::nullopt;
  return Words{std::to_string(*number), {}};
}

std::optional<Words> oid_words(Octets content, const Limits& limits) {
  if (content.size() > limits.oid_octets) return std::nullopt;
  std::string dotted = to_string(Oid{content});
  const auto again = oid_content(dotted);
  if (!again || Octets(*again) != content) return std::nullopt;
  const OidEntry* entry = find_oid(dotted);
  return Words{std::move(dotted), entry != nullptr ? std::string(entry->name) : ""};
}

// The strings of one octet a character, and the times.
bool is_text_type(std::uint64_t number) { return number == 7 || number == 12 || (number >= 18 && number <= 27); }

std::optional<Words> words_of(const Header& header, Octets content, const Limits& limits) {
  const std::uint64_t type = tlv::is_universal(header.id) ? header.number : 0;
  if (type == tlv::boolean) return boolean_words(content);
  if (type == tlv::integer || type == tlv::enumerated) return number_words(content);
  if (type == tlv::oid) return oid_words(content, limits);
  if (is_text_type(type)) return text_words(content);
  if (!is_printable(content)) return std::nullopt;
  return Words{quoted(content.chars()), {}};
}

// What is written as octets and is text all the same.
std::string comment_of(const Header& header, Octets content, const Limits& limits) {
  const bool wide_string = header.id == 28 || header.id == 30;
  return wide_string ? escape(string_value(header.id, content), limits.text) : "";
}

std::string tag_text(const Header& header) {
  const bool constructed = tlv::is_constructed(header.id);
  std::string name;
  if (tlv::is_universal(header.id) && header.number < universal_names.size()) name = universal_names[header.number];
  if (!name.empty()) {
    if (constructed == is_constructed_by_name(header.number)) return name;
    return "[" + name + (constructed ? " CONSTRUCTED]" : " PRIMITIVE]");
  }
  name = class_names[header.id >> 6];
  if (!name.empty()) name += ' ';
  return "[" + name + std::to_string(header.number) + (constructed ? "]" : " PRIMITIVE]");
}

/// Modifiers and tag of an element whose contents have `size` octets.
std::string head_text(const Header& header, std::size_t size) {
  std::string text;
  if (header.tag_octets != shortest_tag(header.number)) text += "long-tag:" + std::to_string(header.tag_octets) + " ";
  if (header.indefinite) return text + "indefinite " + tag_text(header);
  if (header.length_octets != shortest_length(header.length)) {
    text += "long-form:" + std::to_string(header.length_octets) + " ";
  }
  if (header.length != size) text += "adjust-length:" + std::to_string(header.length - size) + " ";
  return text + tag_text(header);
}

class Writer {
 public:
  Writer(std::ostream& out, const std::vector<Node>& nodes, const Limits& limits)
      : out_(out), nodes_(nodes), limits_(limits) {}

  void siblings(std::size_t begin, std::size_t end, std::size_t level) {
    for (std::size_t i = begin; i != end; i = nodes_[i].next) {
      if (nodes_[i].kind == Node::Kind::raw) {
        raw(nodes_[i].bytes, level);
      } else {
        element(i, level);
      }
    }
  }

 private:
  std::ostream& line(std::size_t level) { return out_ << std::string(2 * std::min(level, deepest_indent), ' '); }

  void hex_lines(Octets octets, std::size_t level) {
    for (std::size_t at = 0; at < octets.size(); at += line_octets) {
      line(level) << '`' << hex(octets.sub(at, std::min(line_octets, octets.size() - at))) << "`\n";
    }
  }

  void raw(Octets octets, std::size_t level) {
    if (is_printable(octets)) {
      line(level) << quoted(octets.chars()) << '\n';
    } else {
      hex_lines(octets, level);
    }
  }

  void element(std::size_t index, std::size_t level) {
    const Node& node = nodes_[index];
    const Header header = *read_header(node.bytes);  // find_nodes has read it, too
    Octets content = node.bytes.from(header.size);
    if (header.indefinite) content = content.sub(0, content.size() - 2);
    line(level) << head_text(header, content.size()) << " {";
    if (content.empty()) {
      out_ << "}\n";
    } else if (node.kind == Node::Kind::parent) {
      out_ << '\n';
      if (header.id == tlv::bit_string) hex_lines(content.sub(0, 1), level + 1);
      siblings(index + 1, node.next, level + 1);
      line(level) << "}\n";
    } else {
      leaf(header, content, level);
    }
  }

  void leaf(const Header& header, Octets content, std::size_t level) {
    const auto words = words_of(header, content, limits_);
    const std::string comment = words ? words->comment : comment_of(header, content, limits_);
    if (words || content.size() <= line_octets) {
      out_ << ' ' << (words ? words->value : "`" + hex(content) + "`") << " }" << (comment.empty() ? "" : "  # ")
           << comment << '\n';
      return;
    }
    out_ << (comment.empty() ? "" : "  # ") << comment << '\n';
    hex_lines(content, level + 1);
    line(level) << "}\n";
  }

  std::ostream& out_;
  const std::vector<Node>& nodes_;
  const Limits& limits_;
};

}  // namespace

void write_der_text(std::ostream& out, Octets bytes, const Limits& limits) {
  const std::vector<Node> nodes = find_nodes(bytes, limits);
  Writer(out, nodes, limits).siblings(0, nodes.size(), 0);
}

}  // namespace cmcctl
