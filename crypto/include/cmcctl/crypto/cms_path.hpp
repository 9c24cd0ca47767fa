#pragma once

#include <string>

#include <cmcctl/codec/message.hpp>

namespace cmcctl {

/// Where the CMS structure of a layer stands, which the paths of its signers' parts begin with:
/// "ContentInfo.content.SignedData". The path of the content itself where there is none.
std::string cms_path(const Layer& layer);

}  // namespace cmcctl
