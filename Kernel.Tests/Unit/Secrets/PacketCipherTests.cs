using System;
using System.Runtime.InteropServices;
using HaukiOS.Secrets;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Tests.Unit.Secrets;

/// <summary>The packets' cipher held against BouncyCastle, byte for byte.</summary>
[TestFixture]
public sealed unsafe class PacketCipherTests
{
    private byte* memory;

    [SetUp]
    public void TakeMemory() => memory = (byte*)NativeMemory.Alloc(PacketCipher.StateLength);

    [TearDown]
    public void FreeMemory() => NativeMemory.Free(memory);

    [Test]
    public void Every_length_is_sealed_as_by_BouncyCastle_and_opened_again()
    {
        Random random = new(1);
        for (int length = 0; length <= 1600; length++)
        {
            Compare(random, length, random.Next(40));
        }
    }

    [Test]
    public void Texts_and_keys_at_the_edges_of_the_arithmetic_are_sealed_as_by_BouncyCastle()
    {
        Random random = new(2);
        for (int i = 0; i < 3000; i++)
        {
            Compare(random, random.Next(200), random.Next(40), extreme: true);
        }
    }

    [Test]
    public void Every_flipped_bit_is_noticed_and_nothing_is_written_then()
    {
        Random random = new(3);
        byte[] key = Bytes(random, 32), associated = Bytes(random, 20), text = Bytes(random, 100);
        PacketCipher cipher = new(memory);
        cipher.SetKey(key, 7);
        byte[] packet = Seal(cipher, 5, associated, text);
        byte[] into = new byte[text.Length];
        for (int bit = 0; bit < 8 * packet.Length; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(TryOpen(cipher, 5, associated, packet, into), Is.False);
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int bit = 0; bit < 8 * associated.Length; bit++)
        {
            associated[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(TryOpen(cipher, 5, associated, packet, into), Is.False);
            associated[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.That(TryOpen(cipher, 6, associated, packet, into), Is.False);
        Assert.That(into, Is.All.Zero);
        Assert.That(TryOpen(cipher, 5, associated, packet, into), Is.True);
        Assert.That(into, Is.EqualTo(text));
    }

    [Test]
    public void A_text_may_be_sealed_and_opened_where_it_lies()
    {
        Random random = new(4);
        byte[] key = Bytes(random, 32), associated = Bytes(random, 20), text = Bytes(random, 1000);
        PacketCipher cipher = new(memory);
        cipher.SetKey(key, 0);
        byte[] expected = Seal(cipher, 1, associated, text);
        byte[] place = new byte[text.Length + PacketCipher.TagLength];
        text.CopyTo(place, 0);
        fixed (byte* a = associated, p = place)
        {
            cipher.Seal(1, a, associated.Length, p, text.Length, p);
            Assert.That(place, Is.EqualTo(expected));
            Assert.That(cipher.TryOpen(1, a, associated.Length, p, text.Length, p), Is.True);
        }

        Assert.That(place.AsSpan(0, text.Length).SequenceEqual(text), Is.True);
    }

    [Test]
    public void A_wiped_cipher_has_no_key_left()
    {
        PacketCipher cipher = new(memory);
        cipher.SetKey(Bytes(new Random(5), 32), 1);
        Seal(cipher, 1, [], new byte[100]);
        cipher.Wipe();
        Assert.That(new Span<byte>(memory, PacketCipher.StateLength).ContainsAnyExcept((byte)0), Is.False);
    }

    private void Compare(Random random, int length, int associatedLength, bool extreme = false)
    {
        byte[] key = Bytes(random, 32), associated = Bytes(random, associatedLength), text = Bytes(random, length);
        if (extreme)
        {
            text.AsSpan().Fill((byte)(random.Next(2) * 255));
            associated.AsSpan().Fill((byte)(random.Next(2) * 255));
        }

        uint prefix = (uint)random.Next();
        ulong number = (ulong)random.NextInt64();
        PacketCipher cipher = new(memory);
        cipher.SetKey(key, prefix);
        byte[] packet = Seal(cipher, number, associated, text);
        byte[] opened = new byte[length];
        Assert.That(packet, Is.EqualTo(ByTheLibrary(key, prefix, number, associated, text)), $"{length} bytes");
        Assert.That(TryOpen(cipher, number, associated, packet, opened), Is.True);
        Assert.That(opened, Is.EqualTo(text));
    }

    private static byte[] ByTheLibrary(byte[] key, uint prefix, ulong number, byte[] associated, byte[] text)
    {
        byte[] nonce = new byte[12];
        BitConverter.TryWriteBytes(nonce, prefix);
        BitConverter.TryWriteBytes(nonce.AsSpan(4), number);
        var library = new ChaCha20Poly1305();
        library.Init(true, new AeadParameters(new KeyParameter(key), 128, nonce, associated));
        byte[] packet = new byte[text.Length + 16];
        int done = library.ProcessBytes(text, 0, text.Length, packet, 0);
        library.DoFinal(packet, done);
        return packet;
    }

    private static byte[] Seal(PacketCipher cipher, ulong number, byte[] associated, byte[] text)
    {
        byte[] packet = new byte[text.Length + PacketCipher.TagLength];
        fixed (byte* a = associated, t = text, p = packet)
        {
            cipher.Seal(number, a, associated.Length, t, text.Length, p);
        }

        return packet;
    }

    private static bool TryOpen(PacketCipher cipher, ulong number, byte[] associated, byte[] packet, byte[] into)
    {
        fixed (byte* a = associated, p = packet, i = into)
        {
            byte* place = stackalloc byte[1];
            return cipher.TryOpen(
                number, a, associated.Length, p, packet.Length - PacketCipher.TagLength, i == null ? place : i);
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
