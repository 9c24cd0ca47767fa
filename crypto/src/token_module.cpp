#include "token_module.hpp"

#include <fstream>
#include <map>
#include <mutex>

#include <dlfcn.h>
#include <unistd.h>

#include "token_errors.hpp"

namespace cmcctl {
namespace {

constexpr const char* p11_kit_proxy = "p11-kit-proxy.so";
constexpr const char* softokn = "libsoftokn3.so";

// By library and parameters. Modules are found again while somebody uses them: they are initialised once a process.
struct Registry {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<TokenModule>> modules;
};
Registry& registry() {
  static Registry instance;
  return instance;
}

Error cannot_load(const std::string& library) {
  const char* const why = dlerror();
  return {Errc::token_failed, 0, {}, {}, "the module " + library + " cannot be loaded: " + (why != nullptr ? why : "unknown")};
}

// Inside single quotes NSS takes a backslash off.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char character : text) {
    if (character == '\'' || character == '\\') result += '\\';
    result += character;
  }
  return result + "'";
}

// Values of "library=" in the stanzas of pkcs11.txt; the internal module has an empty one.
std::vector<std::string> listed_libraries(const std::string& directory) {
  constexpr std::string_view prefix = "library=";
  std::vector<std::string> libraries;
  std::ifstream file(directory + "/pkcs11.txt");
  for (std::string line; std::getline(file, line) && libraries.size() < 64;) {
    if (line.starts_with(prefix) && line.size() > prefix.size()) libraries.push_back(line.substr(prefix.size()));
  }
  return libraries;
}

bool is_internal(const std::string& token) {
  return token.empty() || token == "internal" || token == "Internal Key Storage Token" || token == "NSS Certificate DB";
}

}  // namespace

Result<std::shared_ptr<TokenModule>> TokenModule::start(void* library, const std::string& name, std::string parameters) {
  CK_C_GetFunctionList get_functions = nullptr;
  *reinterpret_cast<void**>(&get_functions) = dlsym(library, "C_GetFunctionList");
  CK_FUNCTION_LIST* functions = nullptr;
  if (get_functions == nullptr || get_functions(&functions) != CKR_OK || functions == nullptr) {
    dlclose(library);
    return Error{Errc::token_failed, 0, {}, {}, name + " is no PKCS #11 module"};
  }
  std::shared_ptr<TokenModule> module(new TokenModule(library, functions, name));
  // NSS's structure has one pointer more, which must be null.
  struct {
    CK_C_INITIALIZE_ARGS arguments{};
    void* reserved_by_nss = nullptr;
  } start;
  start.arguments.flags = CKF_OS_LOCKING_OK;
  if (!parameters.empty()) start.arguments.pReserved = parameters.data();
  const CK_RV rv = functions->C_Initialize(&start);
  module->finalize_ = rv == CKR_OK;
  if (rv != CKR_OK && (rv != CKR_CRYPTOKI_ALREADY_INITIALIZED || !parameters.empty())) {
    return token_error("the module " + name + " does not start", rv);
  }
  return module;
}

TokenModule::~TokenModule() {
  if (finalize_) functions_->C_Finalize(nullptr);
  dlclose(library_);
}

Result<std::shared_ptr<TokenModule>> TokenModule::load(const std::string& library) {
  const std::lock_guard lock(registry().mutex);
  auto& known = registry().modules[library];
  if (auto module = known.lock()) return module;
  void* const loaded = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) return cannot_load(library);
  CMC_TRY(auto module, start(loaded, library, {}));
  known = module;
  return module;
}

Result<std::shared_ptr<TokenModule>> TokenModule::load_nss(const std::string& directory, Token::Access access) {
  if (::access((directory + "/key4.db").c_str(), R_OK) != 0) {
    return Error{Errc::no_key, 0, {}, {},
                 directory + " holds no NSS database (key4.db) that can be read; certutil -N -d sql:DIR makes one"};
  }
  std::string parameters = "configdir=" + quoted("sql:" + directory) + " certPrefix='' keyPrefix='' secmod='secmod.db'";
  parameters += access == Token::Access::read ? " flags=readOnly" : " flags=";
  const std::lock_guard lock(registry().mutex);
  auto& known = registry().modules[parameters];
  if (auto module = known.lock()) return module;
  // softokn serves one database; the next one gets a copy of it, in a namespace of its own.
  void* const present = dlopen(softokn, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  if (present != nullptr) dlclose(present);
  void* const loaded = present == nullptr ? dlopen(softokn, RTLD_NOW | RTLD_LOCAL) : dlmopen(LM_ID_NEWLM, softokn, RTLD_NOW);
  if (loaded == nullptr) return cannot_load(softokn);
  CMC_TRY(auto module, start(loaded, softokn, parameters));
  known = module;
  return module;
}

Result<std::vector<CK_SLOT_ID>> TokenModule::slots() const {
  constexpr CK_ULONG most = 256;
  std::vector<CK_SLOT_ID> slots(most);
  CK_ULONG count = most;
  const CK_RV rv = functions_->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (rv != CKR_OK) return token_error("the slots of " + name_, rv);
  slots.resize(count);
  return slots;
}

Result<std::vector<std::shared_ptr<TokenModule>>> load_modules(const TokenSource& source, Token::Access access) {
  std::vector<std::shared_ptr<TokenModule>> modules;
  if (!source.nss) {
    CMC_TRY(auto module, TokenModule::load(source.module_path.empty() ? p11_kit_proxy : source.module_path));
    modules.push_back(std::move(module));
    return modules;
  }
  if (is_internal(source.token)) {
    CMC_TRY(auto module, TokenModule::load_nss(source.directory, access));
    modules.push_back(std::move(module));
    return modules;
  }
  std::optional<Error> failure;
  for (const std::string& library : listed_libraries(source.directory)) {
    auto module = TokenModule::load(library);
    if (module) {
      modules.push_back(*std::move(module));
    } else {
      failure = module.error();
    }
  }
  if (!modules.empty()) return modules;
  if (failure) return *failure;
  return Error{Errc::no_key, 0, {}, {},
               source.directory + "/pkcs11.txt lists no module with a token " + source.token + "; modutil -list shows them"};
}

}  // namespace cmcctl
