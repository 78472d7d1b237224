using System;
using CsCheck;
using HaukiOS.Memory;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

[TestFixture]
internal sealed class MoveRecordTests
{
    [Test]
    public void What_was_written_is_read()
    {
        byte[] bytes = Record(RecordKind.Page, 3, 2, AddressMap.Heap, 100);

        Assert.That(MoveRecord.TryRead(bytes, out MoveRecord record), Is.True);
        Assert.That(record.Kind, Is.EqualTo(RecordKind.Page));
        Assert.That(record.Detail, Is.EqualTo(3));
        Assert.That(record.Count, Is.EqualTo(2));
        Assert.That(record.Place, Is.EqualTo(AddressMap.Heap));
        Assert.That(record.Data.Length, Is.EqualTo(100));
    }

    [TestCase(0u, TestName = "A page at the null guard is none")]
    [TestCase(0x100000u, TestName = "A page of the machine-local zone is none")]
    [TestCase(AddressMap.MigratableEnd, TestName = "A page of a device is none")]
    [TestCase(AddressMap.Heap + 4, TestName = "An address within a page is none")]
    public void Pages_lie_in_the_migratable_zone(uint address)
    {
        Assert.That(MoveRecord.TryRead(Record(RecordKind.Page, 0, 0, address, 0), out _), Is.False);
        Assert.That(MoveRecord.TryRead(Record(RecordKind.GonePage, 0, 0, address, 0), out _), Is.False);
        Assert.That(MoveRecord.TryRead(Record(RecordKind.SamePage, 0, 0, address, 0), out _), Is.False);
    }

    [Test]
    public void An_address_beyond_32_bits_is_none() =>
        Assert.That(MoveRecord.TryRead(Record(RecordKind.Page, 0, 0, 1UL << 32 | AddressMap.Heap, 0), out _), Is.False);

    [Test]
    public void Sectors_bring_as_many_bytes_as_they_say()
    {
        Assert.That(MoveRecord.TryRead(Record(RecordKind.Sectors, 0, 2, 7, 1024), out _), Is.True);
        Assert.That(MoveRecord.TryRead(Record(RecordKind.Sectors, 0, 2, 7, 512), out _), Is.False);
        Assert.That(MoveRecord.TryRead(Record(RecordKind.Sectors, 0, 0, 7, 0), out _), Is.False);
    }

    [Test]
    public void Anything_at_all_is_read_or_refused() => Gen.Byte.Array[0, 5000].Sample(bytes =>
    {
        if (MoveRecord.TryRead(bytes, out MoveRecord record))
        {
            Assert.That(Enum.IsDefined(record.Kind), Is.True);
            Assert.That(record.Data.Length, Is.EqualTo(bytes.Length - MoveRecord.HeaderLength));
        }
    });

    private static byte[] Record(RecordKind kind, byte detail, ushort count, ulong place, int data)
    {
        byte[] bytes = new byte[MoveRecord.HeaderLength + data];
        MoveRecord.WriteHeader(bytes, kind, detail, count, place);
        return bytes;
    }
}
