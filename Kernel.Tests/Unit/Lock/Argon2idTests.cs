using System;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Tests.Unit.Lock;

[TestFixture]
public sealed class Argon2idTests
{
    [Test]
    public void The_vector_of_RFC_9106_section_5_3_comes_out()
    {
        byte[] password = Filled(32, 1), salt = Filled(16, 2), secret = Filled(8, 3), associated = Filled(12, 4);
        byte[] tag = Derive(new Argon2Cost(32, 3, 4), password, salt, secret, associated, 32);
        Assert.That(
            Convert.ToHexStringLower(tag),
            Is.EqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
    }

    // From the test program of the reference implementation.
    [TestCase(2, 65536, 1, "password", "somesalt", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")]
    [TestCase(2, 256, 1, "password", "somesalt", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe")]
    [TestCase(2, 256, 2, "password", "somesalt", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037")]
    [TestCase(4, 65536, 1, "password", "somesalt", "9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c")]
    public void Vectors_of_the_reference_program_come_out(
        int passes, int kib, int lanes, string password, string salt, string expected)
    {
        byte[] tag = Derive(
            new Argon2Cost(kib, passes, lanes),
            Encoding.UTF8.GetBytes(password),
            Encoding.UTF8.GetBytes(salt),
            [],
            [],
            32);
        Assert.That(Convert.ToHexStringLower(tag), Is.EqualTo(expected));
    }

    [Test]
    public void Random_parameters_agree_with_BouncyCastle([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        int lanes = random.Next(1, 5);
        var cost = new Argon2Cost(random.Next(8 * lanes, 600), random.Next(1, 5), lanes);
        byte[] password = Bytes(random, random.Next(0, 200)), salt = Bytes(random, random.Next(8, 40));
        byte[] secret = Bytes(random, random.Next(0, 40)), associated = Bytes(random, random.Next(0, 40));
        int length = random.Next(4, 300);

        byte[] ours = Derive(cost, password, salt, secret, associated, length);

        var oracle = new Argon2BytesGenerator();
        oracle.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
            .WithSalt(salt).WithSecret(secret).WithAdditional(associated)
            .WithMemoryAsKB(cost.MemoryKib).WithIterations(cost.Passes).WithParallelism(cost.Lanes).Build());
        byte[] theirs = new byte[length];
        oracle.GenerateBytes(password, theirs);
        Assert.That(ours, Is.EqualTo(theirs), $"seed {seed}, {cost}");
    }

    [Test]
    public unsafe void Both_block_functions_agree()
    {
        var random = new Random(7);
        using WorkBuffer memory = new HostWorkMemory(1 << 20).Rent(6 * Argon2Block.Bytes);
        ulong* words = (ulong*)memory.Address;
        for (int round = 0; round < 100; round++)
        {
            random.NextBytes(new Span<byte>(memory.Address, (int)memory.Length));
            new Span<ulong>(words + (2 * Argon2Block.Words), Argon2Block.Words)
                .CopyTo(new Span<ulong>(words + (3 * Argon2Block.Words), Argon2Block.Words));
            ulong* fast = words + (2 * Argon2Block.Words), slow = words + (3 * Argon2Block.Words);
            ulong* scratch = words + (4 * Argon2Block.Words);
            bool over = round % 2 == 0;
            if (over)
            {
                Argon2Block.FillOver(words, words + Argon2Block.Words, fast, scratch);
            }
            else
            {
                Argon2Block.Fill(words, words + Argon2Block.Words, fast, scratch);
            }

            Argon2Block.FillScalar(words, words + Argon2Block.Words, slow, scratch, over);
            Assert.That(
                new Span<ulong>(fast, Argon2Block.Words).SequenceEqual(new Span<ulong>(slow, Argon2Block.Words)));
        }
    }

    [Test]
    public void A_cancelled_derivation_stops_and_leaves_no_tag()
    {
        var cost = new Argon2Cost(1024, 3, 1);
        using WorkBuffer memory = new HostWorkMemory(1 << 24).Rent(cost.WorkBytes);
        var argon = new Argon2id(cost, memory);
        argon.Cancel();
        byte[] tag = new byte[32];
        Assert.That(argon.TryDerive("p"u8, "saltsalt"u8, tag), Is.False);
        Assert.That(tag, Is.All.Zero);
        Assert.That(argon.Thousandths, Is.LessThan(200));
    }

    [Test]
    public void A_finished_derivation_stands_at_a_thousand_thousandths([Values(1, 2, 3)] int lanes)
    {
        var cost = new Argon2Cost(500, 2, lanes);
        using WorkBuffer memory = new HostWorkMemory(1 << 24).Rent(cost.WorkBytes);
        var argon = new Argon2id(cost, memory);
        Assert.That(argon.TryDerive("p"u8, "saltsalt"u8, new byte[32]), Is.True);
        Assert.That(argon.Thousandths, Is.InRange(980, 1000));
    }

    [TestCase(7, 1, 1)]
    [TestCase(31, 1, 4)]
    [TestCase(64, 0, 1)]
    [TestCase(64, 1, 0)]
    [TestCase(64, 1, 17)]
    [TestCase(-8, 1, 1)]
    [TestCase(int.MaxValue, 1, 1)]
    public void An_unsound_cost_is_refused(int kib, int passes, int lanes) =>
        Assert.That(new Argon2Cost(kib, passes, lanes).IsSound, Is.False);

    internal static byte[] Derive(
        Argon2Cost cost, byte[] password, byte[] salt, byte[] secret, byte[] associated, int length)
    {
        using WorkBuffer memory = new HostWorkMemory(1L << 30).Rent(cost.WorkBytes);
        byte[] tag = new byte[length];
        Assert.That(new Argon2id(cost, memory).TryDerive(password, salt, secret, associated, tag), Is.True);
        return tag;
    }

    private static byte[] Filled(int length, byte value)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
