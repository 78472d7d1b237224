using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;
using HaukiOS.Swarm;

namespace HaukiOS.Console;

/// <summary>The step from a volume key to an open store.</summary>
internal static class Opening
{
    private const string SeedName = "entropy seed";
    private const int SeedLength = 64;

    /// <summary>Opens the store and chooses the dialogue that follows. The entropy pool must be ready.</summary>
    public static Dialogue Open(ConsoleContext context, SecretBytes volumeKey)
    {
        if (context.Parts.Whereabouts is { Place: not Hardware.NodePlace.Here } whereabouts)
        {
            // Whoever led here, and whatever they know: a store is opened on one machine only.
            return new WhereaboutsDialogue(context, whereabouts);
        }

        StoreOpening opening = EncryptedStore.Open(context.Parts.Disk!, volumeKey, context.Parts.Entropy);
        if (opening.Store is null)
        {
            context.Announce("the store cannot be opened: " + opening.Error!.Message);
            return new CommandDialogue(context, "damaged store");
        }

        context.Store = opening.Store;
        context.Node.IsOpen = true;
        foreach (string line in opening.Store.Notices.Lines)
        {
            context.Announce("warning: " + line);
        }

        RenewSeed(context, opening.Store);
        MakeBootKey(context);
        MakeIdentity(context, opening.Store);
        return new CommandDialogue(context, null);
    }

    // A disk that was enrolled before there were boot keys, or has lost its record.
    private static void MakeBootKey(ConsoleContext context)
    {
        BootSettings boot = context.Node.Boot;
        if (boot.Record is not null)
        {
            return;
        }

        byte[] key = new byte[BootRecord.KeyLength];
        context.Parts.Entropy.Fill(key);
        StoreError? error = boot.Save(new BootRecord(key));
        context.Announce(error is null
            ? $"boot key: {boot.Fingerprint} (new)"
            : "warning: the boot key could not be kept: " + error.Message);
    }

    // Made at enrolment, or when an older store is first opened. Without it the store still serves; only other nodes
    // cannot be talked to.
    private static void MakeIdentity(ConsoleContext context, EncryptedStore store)
    {
        StoreError? error = NodeIdentity.LoadOrCreate(store, context.Parts.Entropy, out KeyPair? identity);
        context.Identity = identity;
        if (error is not null)
        {
            context.Announce("warning: the node has no key of its own: " + error.Message);
        }
    }

    // The seed of the boot before goes into the pool, and a new one into the store at once: no two boots use one seed.
    private static void RenewSeed(ConsoleContext context, EncryptedStore store)
    {
        if (store.GetSystem(SeedName, out byte[] old) is null)
        {
            context.Parts.Entropy.Mix(old);
            System.Array.Clear(old);
        }

        using var seed = new SecretBytes(SeedLength);
        context.Parts.Entropy.Fill(seed.Span);
        StoreError? error = store.PutSystem(SeedName, seed.Span);
        if (error is not null)
        {
            context.Parts.Log.Add("the entropy seed could not be renewed: " + error.Message);
        }
    }
}
