#include <cmcctl/crypto/owned_algorithm.hpp>

#include <cassert>
#include <utility>

namespace cmcctl {
namespace {

std::vector<std::uint8_t> content_of(std::string_view dotted) {
  auto content = oid_content(dotted);
  assert(content);
  return *std::move(content);
}

}  // namespace

OwnedAlgorithm::OwnedAlgorithm(std::string_view dotted, Parameters parameters) : oid_(content_of(dotted)) {
  if (parameters == Parameters::null) parameters_ = {0x05, 0x00};
}

OwnedAlgorithm::OwnedAlgorithm(std::string_view dotted, std::vector<std::uint8_t> parameters)
    : oid_(content_of(dotted)), parameters_(std::move(parameters)) {}

AlgorithmIdentifier OwnedAlgorithm::view() const {
  AlgorithmIdentifier algorithm;
  algorithm.algorithm.content = oid_;
  if (!parameters_.empty()) algorithm.parameters = Any{parameters_};
  return algorithm;
}

}  // namespace cmcctl
