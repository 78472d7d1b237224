using System;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Swarm;

namespace HaukiOS.Console;

/// <summary>
/// <c>selftest</c>: the cryptography against its published vectors, one line each. Runs on the worker thread; the loop
/// prints the outcomes as they come.
/// </summary>
internal sealed class SelfTestRun : RunningCommand
{
    private readonly Test[] tests;
    private readonly string?[] outcomes;
    private volatile int finished;
    private volatile bool cancelled;
    private volatile bool ended;
    private int printed;
    private int wrong;

    public SelfTestRun(ConsoleContext context)
        : base(context)
    {
        tests =
        [
            new("Argon2id", PublishedVectors.Argon2id),
            new("Argon2id, the kernel's own", OwnArgon2id),
            new("BLAKE2b", PublishedVectors.Blake2b),
            new("BLAKE2s", PublishedVectors.Blake2s),
            new("SHA-256 (SHA-2)", PublishedVectors.Sha256),
            new("SHA-512 (SHA-2)", PublishedVectors.Sha512),
            new("HMAC-SHA-256", PublishedVectors.HmacSha256),
            new("HKDF-SHA-256", PublishedVectors.HkdfSha256),
            new("ChaCha20-Poly1305", PublishedVectors.ChaCha20Poly1305),
            new("ChaCha20-Poly1305, the kernel's own", PublishedVectors.ChaCha20Poly1305OfPackets),
            new("XChaCha20-Poly1305", PublishedVectors.XChaCha20Poly1305),
            new("X25519", PublishedVectors.X25519Agreement),
            new("Ed25519", PublishedVectors.Ed25519Signature),
            new("ML-KEM-768", PublishedVectors.MlKem768),
            new("Noise XX", NoiseVectors.Xx),
            new("Noise IKpsk2", NoiseVectors.IkPsk2),
            new("records in place", NoiseVectors.RecordsInPlace),
        ];
        outcomes = new string?[tests.Length];
        context.Parts.Worker.Start(Run);
    }

    public override bool IsHurried => false;

    public override bool Step(Instant now)
    {
        for (; printed < finished; printed++)
        {
            string? problem = outcomes[printed];
            wrong += problem is null ? 0 : 1;
            Context.Output.WriteLine($"selftest {tests[printed].Name}: {problem ?? "ok"}");
        }

        if (!ended)
        {
            return false;
        }

        string total = wrong > 0 ? $"selftest: {wrong} of {tests.Length} FAILED"
            : printed < tests.Length ? "selftest: interrupted"
            : $"selftest: all {tests.Length} ok";
        Context.Output.WriteLine(total);
        Context.Parts.Log.Add(total);
        return true;
    }

    public override void Cancel() => cancelled = true;

    private void Run()
    {
        for (int i = 0; i < tests.Length && !cancelled; i++)
        {
            try
            {
                outcomes[i] = tests[i].Run() ? null : "FAILED, the outcome is not the published one";
            }
            catch (Exception thrown)
            {
                outcomes[i] = "FAILED, " + thrown.Message;
            }

            finished = i + 1;
        }

        ended = true;
    }

    private bool OwnArgon2id()
    {
        byte[] password = new byte[32], salt = new byte[16], secret = new byte[8], associated = new byte[12];
        Array.Fill(password, (byte)1);
        Array.Fill(salt, (byte)2);
        Array.Fill(secret, (byte)3);
        Array.Fill(associated, (byte)4);
        var cost = new Argon2Cost(32, 3, 4);
        using WorkBuffer memory = Context.Parts.Work.Rent(cost.WorkBytes);
        byte[] tag = new byte[32];
        new Argon2id(cost, memory).TryDerive(password, salt, secret, associated, tag);
        return Hex.Format(tag) == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    }

    private sealed class Test(string name, Func<bool> run)
    {
        public string Name { get; } = name;

        public Func<bool> Run { get; } = run;
    }
}
