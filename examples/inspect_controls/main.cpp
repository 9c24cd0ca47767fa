#include <cmcctl/codec/version.hpp>

#include <iostream>

int main() {
  std::cout << "built with cmcctl " << cmcctl::version << '\n';
}
