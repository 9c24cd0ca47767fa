#include "align.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>

namespace cmcctl {
namespace {

/// What an element is known by; empty for one that has no such thing.
using KeyOf = Octets (*)(Octets element);

// The elements inside; none where a primitive stands in the list.
Octets inside(Octets element) {
  const tlv::Element outer = tlv::first(element);
  return tlv::is_constructed(outer.id) ? outer.content : Octets();
}

Octets oid_key(Octets element) {
  for (tlv::Cursor cursor(inside(element)); !cursor.at_end();) {
    const tlv::Element member = cursor.next();
    if (member.id == tlv::oid) return member.content;
    if (member.id != tlv::integer) break;  // the bodyPartID of a control
  }
  return {};
}

// The body part identifier is the first number in each of the types that have one.
Octets body_part_key(Octets element) {
  tlv::Element first = tlv::first(element);
  while (tlv::is_constructed(first.id) && !first.content.empty()) first = tlv::first(first.content);
  return first.id == tlv::integer ? first.whole : Octets();
}

// serialNumber, signature and issuer stand side by side.
Octets certificate_key(Octets element) {
  const Octets certificate = inside(element);
  if (certificate.empty() || certificate[0] != tlv::sequence) return {};
  tlv::Cursor tbs(tlv::first(certificate).content);
  if (!tbs.at_end() && tbs.next_id() != tlv::integer) tbs.next();  // version
  const std::uint8_t* const start = tbs.position();
  for (const std::uint8_t id : {tlv::integer, tlv::sequence, tlv::sequence}) {
    if (tbs.at_end() || tbs.next().id != id) return {};
  }
  return Octets(start, tbs.position());
}

Octets signer_key(Octets element) {
  tlv::Cursor members(inside(element));
  if (!members.at_end()) members.next();  // version
  return members.at_end() ? Octets() : members.next().whole;
}

struct Strategy {
  KeyOf key = nullptr;
  bool pairs_rest = true;  // what has no counterpart is compared with what stands in its place, whatever its key
};

Strategy strategy_of(const Node& list) {
  if (list.is("CertificateSet")) return {certificate_key, false};
  const schema::Type* type = list.type->members[0].type;
  if (type->kind == schema::Kind::raw && type->target != nullptr) type = type->target;
  for (const std::string_view name : {"TaggedRequest", "TaggedContentInfo", "OtherMsg", "CertReqMsg"}) {
    if (type->name == name) return {body_part_key, true};
  }
  if (type->name == "SignerInfo") return {signer_key, true};
  const bool starts_with_oid = type->kind == schema::Kind::sequence && !type->members.empty() &&
                               type->members[0].type->kind == schema::Kind::oid;
  if (type->name == "TaggedAttribute" || starts_with_oid) return {oid_key, false};
  return {};
}

class Aligner {
 public:
  Aligner(const std::vector<Octets>& a, const std::vector<Octets>& b) : a_(a), b_(b) {
    result_.partner.assign(a.size(), Alignment::none);
    result_.paired.assign(b.size(), false);
  }

  Alignment run(const Strategy& strategy, bool ordered) {
    if (strategy.key != nullptr) pair_by(strategy.key, Pairing::unique);
    pair_by([](Octets element) { return element; }, Pairing::all);
    result_.reordered = ordered && !ascends();
    pair_rest(strategy, ordered && !result_.reordered);
    return std::move(result_);
  }

 private:
  enum class Pairing { unique, all };

  struct Keyed {
    std::string_view key;
    std::size_t index;
    friend bool operator<(const Keyed& x, const Keyed& y) {
      return std::tie(x.key, x.index) < std::tie(y.key, y.index);
    }
  };

  template <class Key, class Unpaired>
  static std::vector<Keyed> keyed(const std::vector<Octets>& elements, Key key, Unpaired unpaired) {
    std::vector<Keyed> result;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (!unpaired(i)) continue;
      const Octets of_element = key(elements[i]);
      if (!of_element.empty()) result.push_back({of_element.chars(), i});
    }
    std::ranges::sort(result, std::less<>());
    return result;
  }

  // Elements of one key in their order; with Pairing::unique only where each list has just one of the key.
  template <class Key>
  void pair_by(Key key, Pairing pairing) {
    const auto from_a = keyed(a_, key, [this](std::size_t i) { return result_.partner[i] == Alignment::none; });
    const auto from_b = keyed(b_, key, [this](std::size_t i) { return !result_.paired[i]; });
    const auto group_end = [](auto from, auto end) {
      return std::find_if(from, end, [from](const Keyed& other) { return other.key != from->key; });
    };
    for (auto x = from_a.begin(), y = from_b.begin(); x != from_a.end() && y != from_b.end();) {
      const auto x_end = group_end(x, from_a.end());
      const auto y_end = group_end(y, from_b.end());
      const int order = x->key.compare(y->key);
      const bool taken = pairing == Pairing::all || (x_end - x == 1 && y_end - y == 1);
      if (order == 0 && taken) {
        for (auto i = x, j = y; i != x_end && j != y_end; ++i, ++j) pair(i->index, j->index);
      }
      if (order <= 0) x = x_end;
      if (order >= 0) y = y_end;
    }
  }

  void pair(std::size_t in_a, std::size_t in_b) {
    result_.partner[in_a] = in_b;
    result_.paired[in_b] = true;
  }

  bool ascends() const {
    std::size_t next = 0;
    for (const std::size_t partner : result_.partner) {
      if (partner == Alignment::none) continue;
      if (partner < next) return false;
      next = partner + 1;
    }
    return true;
  }

  // In order; with `gaps`, only what stands between the same pairs.
  void pair_rest(const Strategy& strategy, bool gaps) {
    std::size_t j = 0;
    for (std::size_t i = 0; i < a_.size(); ++i) {
      if (result_.partner[i] != Alignment::none) {
        if (gaps) j = result_.partner[i] + 1;
        continue;
      }
      while (!gaps && j < b_.size() && result_.paired[j]) ++j;
      if (j == b_.size() || result_.paired[j]) continue;
      if (strategy.pairs_rest || strategy.key(a_[i]) == strategy.key(b_[j])) pair(i, j++);
    }
  }

  const std::vector<Octets>& a_;
  const std::vector<Octets>& b_;
  Alignment result_;
};

}  // namespace

Alignment align(const Node& list, const std::vector<Octets>& a, const std::vector<Octets>& b) {
  return Aligner(a, b).run(strategy_of(list), list.type->kind == schema::Kind::sequence_of);
}

}  // namespace cmcctl
