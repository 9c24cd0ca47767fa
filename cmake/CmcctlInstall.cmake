# The libraries with their headers, CMake package and pkg-config file, the program, and the licences.
include(CMakePackageConfigHelpers)

get_property(layers GLOBAL PROPERTY CMCCTL_LAYERS)
set(targets ${layers})
list(TRANSFORM targets PREPEND cmcctl_)

if(layers)
  install(TARGETS ${targets} EXPORT cmcctlTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  foreach(layer IN LISTS layers)
    foreach(root IN ITEMS ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
      if(EXISTS ${root}/${layer}/include)
        install(DIRECTORY ${root}/${layer}/include/cmcctl DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          FILES_MATCHING PATTERN "*.hpp")
      endif()
    endforeach()
  endforeach()

  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cmcctl)
  install(EXPORT cmcctlTargets NAMESPACE cmcctl:: DESTINATION ${package_dir})
  configure_package_config_file(cmake/cmcctlConfig.cmake.in ${PROJECT_BINARY_DIR}/cmcctlConfig.cmake
    INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmcctlConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/cmcctlConfig.cmake ${PROJECT_BINARY_DIR}/cmcctlConfigVersion.cmake
    DESTINATION ${package_dir})

  # A static linker wants users before what they use: the rightmost layer first.
  set(pc_libraries ${targets})
  list(REVERSE pc_libraries)
  list(TRANSFORM pc_libraries PREPEND -l)
  list(JOIN pc_libraries " " pc_libraries)
  get_property(pc_requires GLOBAL PROPERTY CMCCTL_PC_REQUIRES)
  list(JOIN pc_requires ", " pc_requires)
  file(RELATIVE_PATH pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  configure_file(cmake/cmcctl.pc.in ${PROJECT_BINARY_DIR}/cmcctl.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/cmcctl.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

if(TARGET cmcctl)
  install(TARGETS cmcctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD-PARTY-NOTICES.md
  ${PROJECT_SOURCE_DIR}/docs/inspect.schema.json ${PROJECT_SOURCE_DIR}/docs/message.schema.json
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
