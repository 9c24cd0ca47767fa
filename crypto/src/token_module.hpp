#pragma once

#include <memory>
#include <string>
#include <vector>

#include <p11-kit/pkcs11.h>

#include <cmcctl/crypto/token.hpp>

namespace cmcctl {

/// A PKCS #11 library that is loaded and initialised; its last owner finalises it.
class TokenModule {
 public:
  /// A library by path or name, already loaded ones again.
  static Result<std::shared_ptr<TokenModule>> load(const std::string& library);
  /// NSS's softokn over the database in a directory.
  static Result<std::shared_ptr<TokenModule>> load_nss(const std::string& directory, Token::Access access);

  ~TokenModule();
  TokenModule(const TokenModule&) = delete;
  TokenModule& operator=(const TokenModule&) = delete;

  CK_FUNCTION_LIST& functions() const { return *functions_; }
  const std::string& name() const { return name_; }
  Result<std::vector<CK_SLOT_ID>> slots() const;

 private:
  TokenModule(void* library, CK_FUNCTION_LIST* functions, std::string name)
      : library_(library), functions_(functions), name_(std::move(name)) {}
  static Result<std::shared_ptr<TokenModule>> start(void* library, const std::string& name, std::string parameters);

  void* library_;
  CK_FUNCTION_LIST* functions_;
  std::string name_;
  bool finalize_ = false;
};

/// The modules that `source` may mean. Of an NSS database: softokn, and what its pkcs11.txt lists when a token of
/// another name is asked for.
Result<std::vector<std::shared_ptr<TokenModule>>> load_modules(const TokenSource& source, Token::Access access);

}  // namespace cmcctl
