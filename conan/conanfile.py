# SPDX-License-Identifier: BSL-1.0
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load

required_conan_version = ">=2.0"


class VmwrightConan(ConanFile):
    name = "vmwright"
    description = "libvirt's model of virtual machines, without the daemon"
    license = "BSL-1.0"
    topics = ("qemu", "kvm", "libvirt", "virtualization")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    def set_version(self):
        header = load(self, os.path.join(self._root, "include", "vmwright", "core", "version.hpp"))
        self.version = ".".join(re.findall(r"#define VMWRIGHT_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header))

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "include/*", "src/*"):
            copy(self, pattern, self._root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.81 <2]", transitive_headers=True, transitive_libs=True)
        self.requires("fmt/[>=9.1]", transitive_headers=True, transitive_libs=True)
        self.requires("pugixml/[>=1.13 <2]", transitive_headers=True, transitive_libs=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["VMWRIGHT_TESTS"] = False
        toolchain.cache_variables["VMWRIGHT_EXAMPLES"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "vmwright")
        library = self.cpp_info.components["vmwright"]
        library.set_property("cmake_target_name", "vmwright::vmwright")
        library.set_property("pkg_config_name", "vmwright")
        library.libs = ["vmwright"]
        headers = self.cpp_info.components["headers"]
        headers.set_property("cmake_target_name", "vmwright::headers")
        headers.libdirs = []
        for component in (library, headers):
            component.requires = ["boost::headers", "boost::json", "fmt::fmt", "pugixml::pugixml"]
            component.system_libs = ["pthread"]

    @property
    def _root(self):
        return os.path.dirname(self.recipe_folder)
