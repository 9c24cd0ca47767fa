#pragma once

#include <string_view>
#include <vector>

#include "mutate_edit.hpp"

/// What of a tree is CMC, told by shape alone: so it is found in messages that no decoder takes.
namespace cmcctl::mutation {

/// TaggedAttribute: SEQUENCE of INTEGER, OBJECT IDENTIFIER and SET.
bool is_control(const Element& element);
/// Whether it is the control with this name in control_rows().
bool is_control(const Element& element, std::string_view name);
Element& attr_type(Element& control);
Element& attr_values(Element& control);

/// PKIData or PKIResponse: three or four SEQUENCEs, the first of controls; fewer where there is a control.
bool is_pki_body(const Element& element);
bool is_pki_data(const Element& element);

/// The bodyPartIDs of all controls, requests, CMS contents and other messages of a body.
std::vector<Element*> body_part_ids(Element& body);

}  // namespace cmcctl::mutation
