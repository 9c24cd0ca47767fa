#include "mutate_cmc.hpp"

#include <algorithm>

#include <cmcctl/codec/controls.hpp>

namespace cmcctl::mutation {

bool is_control(const Element& element) {
  const auto& parts = element.children;
  return element.is(tlv::sequence) && parts.size() == 3 && parts[0].is(tlv::integer) && parts[1].is(tlv::oid) &&
         parts[2].is(tlv::set);
}

bool is_control(const Element& element, std::string_view name) {
  if (!is_control(element)) return false;
  const ControlRow* const row = control_row(Oid{element.children[1].content});
  return row != nullptr && row->name == name;
}

Element& attr_type(Element& control) { return control.children[1]; }
Element& attr_values(Element& control) { return control.children[2]; }

bool is_pki_body(const Element& element) {
  const auto& lists = element.children;
  if (!element.is(tlv::sequence) || lists.empty() || lists.size() > 4) return false;
  if (lists.size() < 3 && lists[0].children.empty()) return false;
  const auto is_list = [](const Element& list) { return list.is(tlv::sequence) && list.parsed; };
  return std::ranges::all_of(lists, is_list) &&
         std::ranges::all_of(lists[0].children, [](const Element& control) { return is_control(control); });
}

bool is_pki_data(const Element& element) { return is_pki_body(element) && element.children.size() == 4; }

std::vector<Element*> body_part_ids(Element& body) {
  std::vector<Element*> ids;
  for (Element& list : body.children) {
    for (Element& part : list.children) {
      Element* first = part.children.empty() ? nullptr : &part.children[0];
      // CertReqMsg has its CertRequest around it.
      if (first != nullptr && first->is(tlv::sequence) && !first->children.empty()) first = &first->children[0];
      if (first != nullptr && first->is(tlv::integer)) ids.push_back(first);
    }
  }
  return ids;
}

}  // namespace cmcctl::mutation
