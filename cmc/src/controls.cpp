#include <cmcctl/cmc/controls.hpp>

namespace cmcctl {

std::string_view control_name(const TaggedAttribute& control) {
  const ControlRow* const row = control_row(control.attr_type);
  return row == nullptr ? std::string_view() : row->name;
}

bool is_control(const TaggedAttribute& control, std::string_view name) { return control_name(control) == name; }

}  // namespace cmcctl
