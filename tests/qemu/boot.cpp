// SPDX-License-Identifier: BSL-1.0
// What a device's <boot> says.
#include "catch.hpp"
#include "documents.hpp"

using namespace vmwright;
using namespace documents;

namespace
{

auto disk(std::string_view loadparm) -> std::string
{
    return fmt::format("<disk type='file'><source file='/a'/><target dev='vda' bus='virtio'/><boot order='1' loadparm='{}'/>"
                       "</disk>",
                       loadparm);
}

} // namespace

TEST_CASE("a load parameter has up to eight letters, digits, dots and spaces, and is kept in capital ones")
{
    Board const s390{"s390x", "s390-ccw-virtio-7.2"};
    CHECK(kept(disk("linux.5"), s390).disks.front().info.loadparm == "LINUX.5");
    for (auto const* bad : {"", "ninechars", "a$b"}) {
        INFO(bad);
        CHECK(has(fault(disk(bad), s390), "is not a load parameter"));
    }
    CHECK(fault(disk("12345678"), s390).empty());
    CHECK(has(fault(disk("5")), "only firmware of s390x reads it"));
}
