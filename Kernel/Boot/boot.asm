; The first instructions. A Multiboot 1 loader (GRUB, or QEMU's -kernel) enters `start` in 32-bit protected mode with
; flat segments, paging off, interrupts off, EAX = magic, EBX = physical address of the boot information.
;
; The image lies at 1 MiB but is linked OFFSET higher: until paging is on, every address below is written `x - OFFSET`.
; The steps: refuse processors that cannot run the compiler's code; map both ranges; jump up; enable SSE; call C#.
bits 32

extern KernelEntry, refuse
global start, boot_stack_low, boot_stack_high, HaukiBootStackLow, HaukiBootStackHigh, HaukiCallOnStack

OFFSET equ 0x40000000               ; virtual minus physical address of the image

MULTIBOOT_MAGIC equ 0x1BADB002      ; Multiboot Specification 0.6.96, section 3.1
MULTIBOOT_FLAGS equ 0x00000003      ; modules on page boundaries; tell the memory map

EFLAGS_ID equ 1 << 21               ; can be toggled: the processor has CPUID

; Feature bits of CPUID leaf 1, EDX (Intel SDM volume 2, CPUID).
FEATURE_FPU  equ 1 << 0
FEATURE_PSE  equ 1 << 3
FEATURE_TSC  equ 1 << 4
FEATURE_CX8  equ 1 << 8
FEATURE_CMOV equ 1 << 15
FEATURE_FXSR equ 1 << 24
FEATURE_SSE  equ 1 << 25
FEATURE_SSE2 equ 1 << 26
NEEDED equ FEATURE_FPU|FEATURE_PSE|FEATURE_TSC|FEATURE_CX8|FEATURE_CMOV|FEATURE_FXSR|FEATURE_SSE|FEATURE_SSE2

CR0_MONITOR_FPU   equ 1 << 1
CR0_EMULATE_FPU   equ 1 << 2
CR0_TASK_SWITCHED equ 1 << 3
CR0_NATIVE_ERRORS equ 1 << 5
CR0_WRITE_PROTECT equ 1 << 16
CR0_PAGING        equ 1 << 31
CR4_LARGE_PAGES   equ 1 << 4
CR4_FXSR          equ 1 << 9
CR4_SSE_FAULTS    equ 1 << 10

LARGE_PAGE        equ 0x83          ; present, writable, 4 MiB
LARGE_PAGE_SIZE   equ 0x00400000
LARGE_PAGES       equ 16            ; 64 MiB in each range: enough until the real page directory is built

BOOT_STACK_SIZE   equ 0x10000

; The linker puts this section before everything else: a loader looks for it near the file's beginning.
section .multiboot rdata align=4
multiboot_header:
    dd MULTIBOOT_MAGIC, MULTIBOOT_FLAGS, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

section .text
start:
    cli
    cld
    mov esp, boot_stack_high - OFFSET
    push ebx
    push eax
    call has_required_features
    jnz refuse

    mov edi, boot_page_directory - OFFSET
    mov eax, LARGE_PAGE
    mov ecx, LARGE_PAGES
.map:
    mov [edi], eax
    mov [edi + 4 * (OFFSET / LARGE_PAGE_SIZE)], eax
    add eax, LARGE_PAGE_SIZE
    add edi, 4
    dec ecx
    jnz .map

    mov eax, cr4
    or eax, CR4_LARGE_PAGES | CR4_FXSR | CR4_SSE_FAULTS
    mov cr4, eax
    mov eax, boot_page_directory - OFFSET
    mov cr3, eax
    mov eax, cr0
    and eax, ~(CR0_EMULATE_FPU | CR0_TASK_SWITCHED)
    or eax, CR0_PAGING | CR0_WRITE_PROTECT | CR0_NATIVE_ERRORS | CR0_MONITOR_FPU
    mov cr0, eax
    mov eax, .high
    jmp eax
.high:
    add esp, OFFSET
    fninit
    ldmxcsr [default_mxcsr]
    pop ecx                         ; magic
    pop edx                         ; boot information
    xor ebp, ebp                    ; the outermost frame
    call KernelEntry
.stop:
    cli
    hlt
    jmp .stop

; ZF set if the processor has everything in NEEDED. Trashes EAX, EBX, ECX, EDX.
has_required_features:
    pushfd
    pop eax
    mov ecx, eax
    xor eax, EFLAGS_ID
    push eax
    popfd
    pushfd
    pop eax
    xor eax, ecx
    and eax, EFLAGS_ID
    xor eax, EFLAGS_ID
    jnz .done                       ; a 486 or older: no CPUID
    cpuid                           ; EAX = 0: the highest leaf
    test eax, eax
    jz .missing
    mov eax, 1
    cpuid
    and edx, NEEDED
    cmp edx, NEEDED
    ret
.missing:
    inc eax
.done:
    ret

; ECX = address of the top of a stack, EDX = function without arguments. Leaves the old stack for ever.
HaukiCallOnStack:
    mov esp, ecx
    xor ebp, ebp
    call edx
    int3

HaukiBootStackLow:
    mov eax, boot_stack_low
    ret

HaukiBootStackHigh:
    mov eax, boot_stack_high
    ret

section .rdata
align 4
default_mxcsr: dd 0x1F80            ; all SSE exceptions masked, round to nearest

section .bss
alignb 4096
boot_page_directory: resb 4096
boot_stack_low: resb BOOT_STACK_SIZE
boot_stack_high:
