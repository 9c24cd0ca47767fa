#pragma once

#include <span>
#include <string_view>

namespace cmcctl::cli {

/// What a reader wants to know about a control or attribute of the arc id-cmc.
struct ControlGuide {
  int number;                  ///< last arc: 25 in id-cmc 25
  std::string_view does;       ///< one plain sentence
  std::string_view value;      ///< what is on the wire
  std::string_view where;      ///< messages it may stand in
  std::string_view how_often;  ///< per message; "(by use)" where the RFC does not say it
  std::string_view goes_with;  ///< what it needs or brings along; may be empty
};

std::span<const ControlGuide> control_guides();

}  // namespace cmcctl::cli
