using System;
using CsCheck;
using HaukiOS.Secrets;
using HaukiOS.Store;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Console;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

[TestFixture]
public sealed class IdentityTests
{
    [Test]
    public void A_fingerprint_is_read_as_it_was_written_and_as_people_type_it()
    {
        Gen.Byte.Array[32].Sample(key =>
        {
            Fingerprint print = Fingerprint.Of(key);
            string text = print.ToString();
            string sloppy = text.ToLowerInvariant().Replace("-", " ").Replace('0', 'o').Replace('1', 'l');
            return text.Length == 39
                && Fingerprint.TryParse(text, out Fingerprint? read) && print.Equals(read) && read!.Matches(key)
                && Fingerprint.TryParse(sloppy, out Fingerprint? typed) && print.Equals(typed);
        });
    }

    [Test]
    public void A_fingerprint_is_the_published_kind_of_hash()
    {
        // BLAKE2s-256("hauki public key 1" and 32 zeros), the first 160 bits; computed with another implementation.
        Assert.That(Fingerprint.Of(new byte[32]).ToString(), Is.EqualTo("2ZRE-5PN7-N5K1-YZZR-W7PM-12QW-1KB7-3TDB"));
    }

    [TestCase("")]
    [TestCase("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAA")]
    [TestCase("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAAA")]
    [TestCase("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAU")]
    [TestCase("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAA\u00e4")]
    public void Other_texts_are_no_fingerprints(string text) =>
        Assert.That(Fingerprint.TryParse(text, out _), Is.False);

    [Test]
    public void Every_bit_of_the_text_counts()
    {
        Fingerprint print = Fingerprint.Of(new byte[32]);
        string text = print.ToString();
        for (int i = 0; i < text.Length; i++)
        {
            char other = text[i] == 'A' ? 'B' : 'A';
            if (text[i] != '-')
            {
                Assert.That(Fingerprint.TryParse(text.Remove(i, 1).Insert(i, $"{other}"), out Fingerprint? read));
                Assert.That(print.Equals(read), Is.False);
            }
        }
    }

    [Test]
    public void A_node_stays_who_it_is()
    {
        var disk = new MemoryDisk(8);
        using var volumeKey = new SecretBytes(32);
        Assert.That(EncryptedStore.Format(disk, volumeKey, new FixedRandom(1)), Is.Null);
        byte[] first;
        using (EncryptedStore store = EncryptedStore.Open(disk, volumeKey, new FixedRandom(2)).Store!)
        {
            Assert.That(NodeIdentity.LoadOrCreate(store, new FixedRandom(3), out KeyPair? made), Is.Null);
            first = made!.PublicKey.ToArray();
            Assert.That(store.List(), Is.Empty);
        }

        using EncryptedStore again = EncryptedStore.Open(disk, volumeKey, new FixedRandom(4)).Store!;
        Assert.That(NodeIdentity.LoadOrCreate(again, new FixedRandom(5), out KeyPair? loaded), Is.Null);
        Assert.That(loaded!.PublicKey.ToArray(), Is.EqualTo(first));

        again.PutSystem("node key", new byte[5]);
        Assert.That(NodeIdentity.LoadOrCreate(again, new FixedRandom(6), out loaded), Is.Not.Null);
        Assert.That(loaded, Is.Null);
    }
}
