// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "told.hpp"

#include <vmwright/xml/volume.hpp>

using namespace vmwright;

namespace
{

auto told(std::string_view text) -> std::string
{
    return ::told(xml::read_volume(text), [](auto const& value) { return check(value); });
}

} // namespace

TEST_CASE("what is misspelled in a volume's text is told at its place, with what would be right")
{
    CHECK(told("<volume><name>v</name><capacity unit='GiBi'>1</capacity></volume>") ==
          "x:1:33: error: /volume/capacity/@unit: 'GiBi' is not a capacity unit; give a unit like b, KiB, MiB, GiB, TiB "
          "(1024) or KB, MB, GB, TB (1000)");
    CHECK(told("<volume><name>v</name><capacity>one</capacity></volume>") ==
          "x:1:23: error: /volume/capacity: 'one' is not a value of capacity; give a whole number from 0 to "
          "18446744073709551615");
    CHECK(told("<volume type='flie'><name>v</name><capacity>1</capacity></volume>") ==
          "x:1:9: error: /volume/@type: 'flie' is not a volume type; did you mean 'file'?");
}

TEST_CASE("what making a volume is refused for is told at its place, with what would be right")
{
    CHECK(told("<volume><capacity>1</capacity></volume>") ==
          "x:1:1: error: /volume: the volume has no name; add <name>…</name>");
    CHECK(told("<volume><name>a/b</name><capacity>1</capacity></volume>") ==
          "x:1:9: error: /volume/name: 'a/b' is not the name of a volume; use a name that could be a file's");
    CHECK(told("<volume><name>v</name></volume>") ==
          "x:1:1: error: /volume: the volume has no capacity; add <capacity unit='GiB'>…</capacity>");
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><format type='qcow3'/></target></volume>") ==
          "x:1:61: error: /volume/target/format/@type: 'qcow3' is not a format of volumes; did you mean 'qcow2'?");
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><format "
               "type='qcow2'/><compat>2</compat></target></volume>") ==
          "x:1:75: error: /volume/target/compat: '2' is not a version of qcow2; give 0.10 or 1.1");
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><format "
               "type='qcow2'/><compat>0.10</compat><features><lazy_refcounts/></features></target></volume>") ==
          "x:1:96: error: /volume/target/features: qcow2 0.10 has no such features; use <compat>1.1</compat>");
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><format type='raw'/><encryption format='qcow'><secret "
               "type='passphrase' usage='u'/></encryption></target></volume>") ==
          "x:1:85: error: /volume/target/encryption/@format: no image is made with the encryption 'qcow'; use luks");
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><format type='raw'/><encryption "
               "format='luks'/></target></volume>") == "x:1:73: error: /volume/target/encryption: the encryption has 0 "
                                                       "secrets, and takes one; add <secret type='passphrase' uuid='…'/>");
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><permissions><owner>-7</owner></permissions></target></"
               "volume>") ==
          "x:1:66: error: /volume/target/permissions/owner: -7 is not the number of a user; give 0 to 4294967295");
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><format "
               "type='qcow2'/><clusterSize>100</clusterSize></target></volume>") ==
          "x:1:75: error: /volume/target/clusterSize: 100 bytes is not the size of a cluster; give a power of two, 512 to 2 "
          "MiB");
}

TEST_CASE("what has no effect in a volume, or cannot be meant, is a warning")
{
    CHECK(told("<volume><name>v</name><capacity>1</capacity><target><format "
               "type='raw'/><compat>1.1</compat></target><backingStore/></volume>") ==
          "x:1:73: warning: /volume/target/compat: only qcow2 has versions to choose; it is ignored; remove it, or use "
          "<format type='qcow2'/>\n"
          "x:1:102: warning: /volume/backingStore: the backing image has no path; it is ignored; add <path>…</path>");
}

TEST_CASE("a volume is allocated in full unless it says otherwise")
{
    CHECK(complete(VolumeConfig{.name = "v", .capacity = GiB(1)}).allocation == GiB(1));
    CHECK(complete(VolumeConfig{.name = "v", .capacity = GiB(1), .allocation = Size{}}).allocation == Size{});
    CHECK(complete(VolumeConfig{.name = "v", .target = {.format = "qcow2", .features = {.lazy_refcounts = true}}})
              .target.compat == "1.1");
    CHECK_FALSE(complete(VolumeConfig{.name = "v", .backing = VolumeBacking{}}).backing);
}

TEST_CASE("times of files are read to the nanosecond")
{
    auto const parsed = xml::read_volume("<volume><name>v</name><capacity>1</capacity><target><timestamps>"
                                         "<atime>1341933637.273190990</atime><mtime>7</mtime><ctime>7.5</ctime>"
                                         "</timestamps></target></volume>");
    CHECK(parsed.diagnostics.empty());
    auto const& times = parsed.result.target.timestamps;
    CHECK(times.accessed->time_since_epoch().count() == 1'341'933'637'273'190'990);
    CHECK(times.modified->time_since_epoch().count() == 7'000'000'000);
    CHECK(times.changed->time_since_epoch().count() == 7'500'000'000);
    CHECK_FALSE(times.born);
    CHECK(xml::write_volume(parsed.result).find("<ctime>7.500000000</ctime>") != std::string::npos);
}
