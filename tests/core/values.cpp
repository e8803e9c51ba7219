// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/core/mac.hpp>
#include <vmwright/core/nearest.hpp>
#include <vmwright/core/size.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/core/version.hpp>

using namespace vmwright;

TEST_CASE("sizes know libvirt's units")
{
    CHECK(bytes_per_unit("b") == 1);
    CHECK(bytes_per_unit("bytes") == 1);
    CHECK(bytes_per_unit("k") == 1024);
    CHECK(bytes_per_unit("KiB") == 1024);
    CHECK(bytes_per_unit("KB") == 1000);
    CHECK(bytes_per_unit("m") == 1 << 20);
    CHECK(bytes_per_unit("MB") == 1000000);
    CHECK(bytes_per_unit("G") == 1 << 30);
    CHECK(bytes_per_unit("TiB") == 1ULL << 40);
    CHECK(bytes_per_unit("PB") == 1000000000000000ULL);
    CHECK(bytes_per_unit("EiB") == 1ULL << 60);
    CHECK_FALSE(bytes_per_unit("parsec"));
    CHECK_FALSE(bytes_per_unit("Kib8"));
    CHECK_FALSE(bytes_per_unit(""));
    CHECK(scaled_size(2, "GiB") == GiB(2));
    CHECK_FALSE(scaled_size(99999, "EiB"));
    CHECK(Size{1025}.kib() == 2);
    CHECK(MiB(3).mib() == 3);
}

TEST_CASE("uuids are read with and without dashes and printed with them")
{
    auto const text = "09da7edc-2a16-4b20-adac-e5b2f95daba1";
    REQUIRE(Uuid::parse(text));
    CHECK(to_string(*Uuid::parse(text)) == text);
    CHECK(Uuid::parse("09DA7EDC2A164B20ADACE5B2F95DABA1") == Uuid::parse(text));
    for (auto const* bad :
         {"", "$(uuidgen)", "...", "09da7edc-2a16-4b20-adac-e5b2f95daba", "09da7edc-2a16-4b20-adac-e5b2f95daba12"})
        CHECK_FALSE(Uuid::parse(bad));
    std::array<std::uint8_t, 16> random{};
    random.fill(0xff);
    CHECK(to_string(Uuid::from_random(random)) == "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST_CASE("MAC addresses")
{
    REQUIRE(Mac::parse("52:54:0:ba:C6:5d"));
    CHECK(to_string(*Mac::parse("52:54:0:ba:C6:5d")) == "52:54:00:ba:c6:5d");
    for (auto const* bad :
         {"", "zz:zz", "52:54:00:ba:c6", "52:54:00:ba:c6:5d:00", "52:54:00:ba:c6:5dd", "52-54-00-ba-c6-5d"})
        CHECK_FALSE(Mac::parse(bad));
    CHECK(Mac::parse("01:00:5e:00:00:01")->is_multicast());
}

TEST_CASE("the nearest name is proposed, a far one is not")
{
    constexpr std::array<std::string_view, 4> buses{"ide", "virtio", "scsi", "sata"};
    CHECK(nearest("virtoi", buses) == "virtio");
    CHECK(nearest("Virtio", buses) == "virtio");
    CHECK(nearest("scssi", buses) == "scsi");
    CHECK(nearest("floppy", buses).empty());
    CHECK(suggestion("virtoi", buses).text == "did you mean 'virtio'?");
    CHECK(suggestion("floppy", buses).text == "it is one of 'ide', 'virtio', 'scsi', 'sata'");
}

TEST_CASE("headers and library have one version")
{
    CHECK(library_version() == header_version);
}
