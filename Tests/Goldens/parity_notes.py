"""What `parity.py` cannot find out by itself: spellings, what is left out and why, and what differs on purpose."""

# The modules of Keras that are compared, with the folders of `Sources` that have their counterparts.
MODULES = {
    "layers": ["Layers", "Preprocessing", "Augmentation"],
    "activations": ["Contract"],
    "initializers": ["Initializers"],
    "regularizers": ["Regularizers"],
    "constraints": ["Constraints"],
    "losses": ["Losses"],
    "metrics": ["Metrics"],
    "optimizers": ["Optimizers"],
    "optimizers.schedules": ["Optimizers"],
    "callbacks": ["Callbacks"],
    "applications": ["Applications"],
}

TITLES = {
    "layers": "Layers",
    "activations": "Activation functions",
    "initializers": "Initializers",
    "regularizers": "Regularizers",
    "constraints": "Constraints",
    "losses": "Losses",
    "metrics": "Metrics",
    "optimizers": "Optimizers",
    "optimizers.schedules": "Learning-rate schedules",
    "callbacks": "Callbacks",
    "applications": "Applications",
    "models": "Models",
    "utils": "Utilities",
    "datasets": "Data sets",
    "keras": "Other modules of Keras",
}

# What stands above a table.
INTRODUCTIONS = {
    "layers": "The functions `add`, `average`, `concatenate`, `dot`, `maximum`, `minimum`, `multiply` and `subtract` are the layers of "
    "these names, applied: `Add()(x, y)`.",
    "activations": "All are cases or functions of `ActivationFunction`: `activation: .relu`. Keras' `axis` is always the last axis "
    "here; the layer `Softmax` takes others.",
    "initializers": "Both libraries draw from the same distributions with different generators: the tests compare bounds, means, "
    "deviations and fans, and constants exactly. Every model has a seed, so an initializer needs none.",
    "losses": "The lower-case functions of the module are the classes, called: `try MeanSquaredError()(targets, predictions)`; "
    "`values` gives one value for each sample. Classes are always the last axis. The deviation is the larger one of value and gradient.",
    "metrics": "The lower-case functions of the module are the classes, called: `try Recall()(targets, predictions)`. Classes are "
    "always the last axis. The deviation is an absolute one for results up to 1.",
    "optimizers": "All of Keras' optimizers share arguments, which stand in two places here. `clipnorm`, `clipvalue` and "
    "`global_clipnorm` are one argument, for at most one of them is allowed: `clipping: .norm(1)`, `.value(1)`, `.globalNorm(1)`. "
    "`use_ema`, `ema_momentum`, `ema_overwrite_frequency` and `gradient_accumulation_steps` belong to the step: "
    "`compile(update: UpdateRule(accumulatedBatches: 4, averageMomentum: 0.99, overwritesEvery: 100))` "
    "([differences](keras-differences.md#training)). `loss_scale_factor` is for "
    "16-bit floats, which are not computed with. Each optimizer follows Keras' trajectory over ten or twenty steps.",
    "callbacks": "There are no deviations. A golden has the bytes of `CSVLogger`'s files and the learning rates that callbacks log, and "
    "what the others decide, epoch by epoch, on scripted series of numbers; decisions are equal.",
    "applications": "Weights are random: no pretrained weights come with the package, so there is no `weights`. There is no "
    "`input_tensor`, because a model is applied by calling it. The arguments have the same order in all networks, which Keras' have "
    "not; all take `seed` and `options`, too. The deviation is that of the outputs with copied weights.",
    "models": "Methods and properties of `keras.Model` and `keras.Sequential`, and the functions of `keras.models`.",
}

# Names in the tables that no file of `Sources` declares: Swift's own, and modules.
SWIFT_NAMES = {"Codable", "any", "ConvNetReports"}

# Names that every module has: they turn names into objects and back.
PLUMBING = {"get", "serialize", "deserialize"}
PLUMBING_NOTE = (
    "`get`, `serialize` and `deserialize` of each module have no counterpart: a Swift call names the value itself (`.relu`, "
    "`.adam()`), and models are `Codable`."
)

# Arguments that are explained once, at the top.
GLOBAL_ARGUMENTS = {
    "name": "Layers and many metrics take it. Losses, optimizers and schedules have none. Default names are counted within a model: "
    "[differences](keras-differences.md#training).",
    "dtype": "All numbers are float32.",
    "data_format": "All data are channels-last. `Permute` moves the axes of other data, and importers will.",
    "trainable": "`Dense(units: 4).trainable(false)`, for every layer: [differences](keras-differences.md#training).",
    "activity_regularizer": "`Dense(units: 4).activityRegularizer(.l2(0.01))`, for every layer: "
    "[differences](keras-differences.md#training).",
    "seed": "A model has one seed, from which the random numbers of its layers and initializers come.",
    "verbose": "Of callbacks: an argument of `fit`.",
    "lora_rank": "Fine-tuning of large language models by low-rank additions is left out.",
    "lora_alpha": "As `lora_rank`.",
    "quantization_config": "Computing with 8 bits and fewer is left out.",
    "gptq_unpacked_column_size": "As `quantization_config`.",
    "sparse": "There are no sparse tensors.",
    "ragged": "There are no ragged tensors.",
    "batch_size": "Of `Input`: a model takes any batch size.",
    "batch_shape": "As `batch_size`.",
}

# Global arguments hold for these modules only.
GLOBAL_SCOPES = {
    "name": {"layers", "losses", "optimizers", "optimizers.schedules", "metrics", "applications"},
    "seed": {"layers", "initializers"},
    "verbose": {"callbacks"},
    "batch_size": {"layers"},
    "batch_shape": {"layers"},
}

# Explained in the introduction of a module.
MODULE_ARGUMENTS = {
    "activations": {"x", "axis"},
    "losses": {"axis"},
    "metrics": {"axis"},
    "optimizers": {
        "clipnorm",
        "clipvalue",
        "global_clipnorm",
        "use_ema",
        "ema_momentum",
        "ema_overwrite_frequency",
        "gradient_accumulation_steps",
        "loss_scale_factor",
    },
    "applications": {"weights", "input_tensor"},
}

# Modules in which arguments have another order, and why: the introduction says it.
OTHER_ORDER = {"applications"}

# Ours beyond Keras' that an introduction explains, or that every entry has.
OWN_ARGUMENTS = {"name", "clipping", "seed", "options"}

# Keras' spelling: ours, where it is not the same in lowerCamelCase.
SPELLINGS = {
    "keepdims": "keepDims",
    "stddev": "standardDeviation",
    "minval": "minimum",
    "maxval": "maximum",
    "filename": "path",
    "filepath": "path",
    "log_dir": "folder",
    "min_lr": "minLearningRate",
    "save_freq": "frequency",
    "histogram_freq": "histogramFrequency",
    "update_freq": "updateFrequency",
    "validation_freq": "validationFrequency",
    "ns_steps": "newtonSchulzSteps",
    "exclude_layers": "excludedLayers",
    "exclude_embeddings": "excludesEmbeddings",
    "adam_lr_ratio": "adamLearningRateRatio",
    "raise_error": "raisesError",
    "swap_on_epoch": "swapsOnEpoch",
    "muon_a": "coefficients",
    "muon_b": "coefficients",
    "muon_c": "coefficients",
    "on_train_batch_end": "onBatchEnd",
    "activation": "function",
    "x": "samples",
}

# Spellings that hold for one module only.
MODULE_SPELLINGS = {
    "constraints": {"axis": "axes"},
    "models": {"filepath": "to from", "validation_freq": "validationFrequency"},
}

# Arguments whose defaults cannot be the same: Keras' `None` for a size of batches is 32, and for data is an error; Keras makes names
# of metrics when they are made, from their class, as they are here; three numbers of Muon are one array; Keras' `None` for the shape
# of images is the shape that is the default here.
DEFAULTS_APART = {"models": {"x", "y", "batch_size"}, "metrics": {"name"}, "optimizers": {"muon_a", "muon_b", "muon_c"}}
DEFAULTS_APART["applications"] = {"input_shape", "name"}

# Defaults that mean the same.
SAME_DEFAULTS = [
    ("auto", "automatic"),
    ("uniform", "randomuniform"),
    ("nil", "linear"),
    ("nil", "[]"),
    ("nil", "[:]"),
    (0.0, "nil"),
]

# Keras' name: ours, where the names differ. `None` in place of a type for what has no type of its own.
COUNTERPARTS = {
    "callbacks": {"ProgbarLogger": "ProgressLogger"},
    "layers": {"Input": "InputLayer", "InputLayer": "InputLayer"},
}

# Metrics that are losses: `.meanSquaredError()` is a `LossMetric`.
LOSS_METRICS = {
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "Hinge",
    "KLDivergence",
    "LogCoshError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
}

# How entries are spelled that are no type of their name: module.name: (ours, note).
SPELLED = {
    "layers.Layer": ("`Layer`", "A protocol: a struct with `lower`, or `SampleLayer` with a forward and a backward function."),
    "layers.Input": ("`Input`", ""),
    "layers.InputLayer": ("`InputLayer`", "What `Input` makes."),
    "layers.MixUp": (
        "`MixUp`",
        "A dataset around another: the partner is drawn from the whole dataset, and not from the batch: [differences](keras-differences.md#numbers).",
    ),
    "layers.CutMix": ("`CutMix`", "As `MixUp`."),
    "initializers.Initializer": ("`Initializer`", "A protocol."),
    "initializers.GlorotUniform": ("`.glorotUniform`", ""),
    "initializers.GlorotNormal": ("`.glorotNormal`", ""),
    "initializers.HeUniform": ("`.heUniform`", ""),
    "initializers.HeNormal": ("`.heNormal`", ""),
    "initializers.LecunUniform": ("`.lecunUniform`", ""),
    "initializers.LecunNormal": ("`.lecunNormal`", ""),
    "regularizers.Regularizer": ("`Regularizer`", "A protocol."),
    "constraints.Constraint": ("`Constraint`", "A protocol."),
    "losses.Loss": (
        "`Loss`",
        "A protocol; `OperatorLoss` is one whose gradient follows from its operators, and `LambdaLoss` makes one of a closure.",
    ),
    "metrics.Metric": ("`Metric`", "A protocol; `MeanMetric` for means over samples."),
    "metrics.MeanMetricWrapper": (
        "`LambdaMetric`, `LossMetric`, `MeanMetric`",
        "A closure is a metric, and so is any loss: `LossMetric(Huber())`; a type conforms to `MeanMetric`.",
    ),
    "optimizers.Optimizer": ("`Optimizer`", "A protocol."),
    "optimizers.OptimizerMap": ("`UpdateRule.Group`", "Rates and decay by layer; one optimizer for all. See [differences](keras-differences.md#training)."),
    "optimizers.MultiOptimizer": ("`UpdateRule.Group`", "As `OptimizerMap`."),
    "optimizers.schedules.LearningRateSchedule": ("`LearningRateSchedule`", "A protocol; `LearningRate.schedule { step in … }` takes a closure."),
    "callbacks.Callback": ("`Callback`", "A protocol with one function, `receive`, for all events. What it adds to the logs: [differences](keras-differences.md#training)."),
    "callbacks.CallbackList": ("`[any Callback]`", "An array."),
    "callbacks.History": ("`History`", "The result of `fit`."),
    "callbacks.ProgbarLogger": ("`ProgressLogger`", "What `verbose: .progressBar` adds."),
    "callbacks.BackupAndRestore": (
        "`fit(checkpoint: .every(steps: 500), at:, resume: true)`",
        "Resumes in the middle of an epoch, and ends in the same bits ([checkpoints](design/checkpoints.md)).",
    ),
}

RECURRENT = "Recurrent networks are left out: the library is for convolutional networks."
TEXT = "Preparing text and other data that are no numbers is left out."
AUDIO = "Preparing sound is left out."
FOREIGN = "It wraps a layer of another framework, which needs that framework."
BOXES = "Object detection is left out."
ATTENTION = "One attention block, `MultiHeadAttention`, shows that attention can be built; the others are left out."
MASKS = "There are no masks: they are for sequences of unequal length."
QUANTIZATION = "Computing with 8 bits and fewer is left out."
OTHER_DATA = "A data set of text is left out."
KERAS_FILES = "Reading and writing Keras' own files is issue 13."
PYTHON = "It belongs to Python."
NETWORK = (
    "It would link libcurl and thirty other libraries into every program, which would start in 36 ms rather than in 24. A short "
    "callback does it: `CallbacksOfYourOwn` in the documentation has it as an example."
)
BACKENDS = "There is one way of computing, and no backend to choose."

# Left out: (module, names): why.
LEFT_OUT = [
    (
        "layers",
        "RNN SimpleRNN SimpleRNNCell LSTM LSTMCell GRU GRUCell Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D StackedRNNCells "
        "TimeDistributed",
        RECURRENT,
    ),
    ("layers", "TextVectorization StringLookup IntegerLookup Hashing HashedCrossing", TEXT),
    ("layers", "MelSpectrogram STFTSpectrogram", AUDIO),
    ("layers", "FlaxLayer JaxLayer TFSMLayer TorchModuleWrapper", FOREIGN),
    ("layers", "Attention AdditiveAttention GroupQueryAttention", ATTENTION),
    ("layers", "Masking", MASKS),
    ("layers", "MaxNumBoundingBoxes", BOXES),
    ("layers", "ReversibleEmbedding", "It is for language models, which are left out."),
    ("layers", "Wrapper", "A layer of the user's own holds another one; `SpectralNormalization` does."),
    ("layers", "InputSpec", "A layer checks its inputs in `lower`, and throws an error that says what was expected."),
    ("initializers", "STFT", AUDIO),
    ("losses", "CTC", "Connectionist temporal classification is for recurrent networks, which are left out."),
    ("metrics", "Mean Sum", "For the numbers of a loop of one's own, which Swift adds up; a metric conforms to `MeanMetric`."),
    ("optimizers", "LossScaleOptimizer", "It is for 16-bit floats, which are not computed with."),
    ("optimizers", "legacy", "Optimizers of Keras 2."),
    ("callbacks", "RemoteMonitor", NETWORK),
    ("callbacks", "OrbaxCheckpoint", "Orbax is JAX' format of checkpoints; `fit(checkpoint:)` writes this library's own."),
    (
        "applications",
        "ConvNeXtBase ConvNeXtLarge ConvNeXtSmall ConvNeXtXLarge",
        "`ConvNeXtTiny` shows the family; the larger ones are left out.",
    ),
    ("applications", "DenseNet169 DenseNet201", "`DenseNet121` shows the family; the larger ones are left out."),
    (
        "applications",
        "EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7",
        "B0 to B3 show the family; the larger ones are left out.",
    ),
    (
        "applications",
        "EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 EfficientNetV2B3 EfficientNetV2L EfficientNetV2M EfficientNetV2S "
        "InceptionResNetV2 NASNetLarge NASNetMobile ResNet50V2 ResNet101V2 ResNet152 ResNet152V2",
        "Left out: the catalogue has the networks that are used most. The layers for it are there.",
    ),
]

# Arguments that Keras has and this library has not, or has elsewhere: module.entry.argument: why. `*` stands for any entry.
ARGUMENTS = {
    "layers.*.synchronized": "There is one machine.",
    "layers.BatchNormalization.renorm": "Batch renormalisation is left out.",
    "layers.BatchNormalization.renorm_clipping": "Batch renormalisation is left out.",
    "layers.BatchNormalization.renorm_momentum": "Batch renormalisation is left out.",
    "layers.Input.tensor": "A tensor is applied by calling the model.",
    "layers.InputLayer.input_tensor": "A tensor is applied by calling the model.",
    "layers.*.optional": "Every input is needed.",
    "layers.*.mask_zero": MASKS,
    "layers.Embedding.weights": "`setWeights` after building.",
    "layers.Lambda.output_shape": "The closure's operators have shapes.",
    "layers.Lambda.mask": MASKS,
    "layers.Lambda.arguments": "A closure captures what it needs.",
    "layers.MultiHeadAttention.flash_attention": "It names a kernel of GPUs.",
    "layers.MultiHeadAttention.sliding_window": MASKS,
    "initializers.*.input_axes": "Fans are those of Keras' default: the last two axes.",
    "initializers.*.output_axes": "Fans are those of Keras' default: the last two axes.",
    "applications.*.include_preprocessing": "Pixels are always scaled in the network, as by default in Keras.",
    "callbacks.LambdaCallback.on_train_batch_begin": "`receive` of a `Callback` is called after each batch, not before it.",
    "callbacks.TensorBoard.write_graph": "`ModelDiagram` draws the graph.",
    "callbacks.TensorBoard.write_images": "Left out: histograms show weights.",
    "callbacks.TensorBoard.profile_batch": "`Model.profile` measures each layer.",
    "callbacks.TensorBoard.embeddings_freq": "Left out: the projector of embeddings is for text.",
    "callbacks.TensorBoard.embeddings_metadata": "Left out: the projector of embeddings is for text.",
    "callbacks.TensorBoard.write_steps_per_second": "Progress shows it: `fit(verbose: .progressBar)`.",
    "models.compile.loss_weights": "`compile(losses:lossWeights:)`, by the names of outputs.",
    "models.compile.run_eagerly": BACKENDS,
    "models.compile.steps_per_execution": BACKENDS,
    "models.compile.jit_compile": BACKENDS,
    "models.compile.auto_scale_loss": "It is for 16-bit floats.",
    "models.evaluate.return_dict": "The result has names and values: `try model.evaluate(data)[\"accuracy\"]`.",
    "models.train_on_batch.return_dict": "The result has names and values.",
    "models.test_on_batch.return_dict": "The result has names and values.",
    "models.train_on_batch.class_weight": "`sampleWeight` of each sample; `fit` takes `classWeight`.",
    "models.summary.positions": "Columns are as wide as their text.",
    "models.summary.print_fn": "`summary` returns its text: `print(try model.summary())`.",
    "models.summary.expand_nested": "Layers of nested models are always shown.",
    "models.summary.show_trainable": "The footer counts trainable parameters.",
    "models.summary.layer_range": "Left out: the text can be cut.",
    "models.save.overwrite": "A file is replaced as a whole, and never half written.",
    "models.save.zipped": "A file is one `.safetensors`.",
    "models.save_weights.overwrite": "As `save`.",
    "models.save_weights.max_shard_size": "A file is one `.safetensors`.",
    "models.add.rebuild": "A model is always built.",
    "models.pop.rebuild": "A model is always built.",
}

# Notes on entries that are there: module.name: text.
DIFFERENCES = "[differences](keras-differences.md#{})"
NUMBERS = DIFFERENCES.format("numbers")
TRAINING = DIFFERENCES.format("training")
FILES = DIFFERENCES.format("files")
MODELS = DIFFERENCES.format("models")
NOTES = {
    "activations.sparsemax": "That of the paper; Keras' own is another one where more than one number is left "
    "([goldens](../Tests/Goldens/README.md#what-keras-does-that-one-would-not-guess)).",
    "optimizers.Adam": f"The bias correction is computed in double precision: {NUMBERS}.",
    "optimizers.AdamW": f"As `Adam`: {NUMBERS}.",
    "optimizers.Adafactor": f"Keeps rows and columns only: {NUMBERS}.",
    "optimizers.RMSprop": f"A variance that rounding makes negative counts as 0: {NUMBERS}.",
    "optimizers.schedules.CosineDecayRestarts": f"The first step of a period: {NUMBERS}.",
    "layers.AugMix": f"Each picture has chains of its own: {NUMBERS}.",
    "layers.RandAugment": f"Each picture has transforms of its own: {NUMBERS}.",
    "layers.RandomCrop": f"Each picture has a place of its own; inference takes the middle: {NUMBERS}.",
    "layers.RandomContrast": f"A number is the range on both sides of 1: {NUMBERS}.",
    "layers.RandomColorDegeneration": f"A number is the range from 0 on: {NUMBERS}.",
    "layers.RandomSaturation": f"A number is the range from 0 on; the saturation is at most 1: {NUMBERS}.",
    "layers.RandomElasticTransform": f"Pixels move along both axes by different numbers: {NUMBERS}.",
    "layers.RandomGaussianBlur": f"Windows that are not square: {NUMBERS}.",
    "layers.Pipeline": "It holds transforms of pictures; other layers stand beside it in a model.",
    "layers.AdaptiveMaxPooling1D": f"The gradient of equal values: {NUMBERS}.",
    "layers.AdaptiveMaxPooling2D": f"The gradient of equal values: {NUMBERS}.",
    "layers.AdaptiveMaxPooling3D": f"The gradient of equal values: {NUMBERS}.",
    "callbacks.EarlyStopping": f"A metric that the run cannot have is an error; NaN is never the best: {TRAINING}.",
    "callbacks.ReduceLROnPlateau": f"A metric that the run cannot have is an error; replaces a schedule: {TRAINING}.",
    "callbacks.ModelCheckpoint": f"Replaces the file as a whole: {FILES}; monitoring: {TRAINING}.",
    "callbacks.CSVLogger": f"Replaces the file as a whole; appended rows follow the header: {FILES}.",
    "callbacks.TerminateOnNaN": f"`fit` stops before NaN spreads, unless `nonFinite: .ignore`: {TRAINING}.",
    "callbacks.LambdaCallback": "The closures receive records in place of `logs`.",
    "callbacks.LearningRateScheduler": f"A schedule by closure is not saved; its rate at hand is: {FILES}.",
    "callbacks.SwapEMAWeights": f"Averages: {TRAINING}.",
    "callbacks.ProgbarLogger": f"Prints to standard error: {TRAINING}.",
    "models.fit": f"Stops at NaN, checks names, labels and targets first, multiplies weights, warns once: {TRAINING}. Sums in double precision: "
    f"{NUMBERS}.",
    "models.evaluate": f"Silent unless `verbose` is given: {TRAINING}.",
    "models.predict": f"Silent unless `verbose` is given: {TRAINING}.",
    "models.compile": f"Losses for some outputs; what belongs to steps is `update:`: {TRAINING}.",
    "models.layers": f"Neither inputs nor nested models: {MODELS}.",
    "models.trainable": f"Sets the layers' flags: {MODELS}.",
    "models.clone_model": f"Has the seed of its model: {MODELS}.",
    "models.model_from_json": f"{MODELS[0].upper()}{MODELS[1:]}.",
    "models.save": f"A schedule by closure: {FILES}.",
    "optimizers.schedules.LearningRateSchedule": f"A closure is not saved; its rate at hand is: {FILES}.",
    "models.call": f"A layer that is applied twice: {MODELS}.",
}

# Entries with numbers that no golden compares, and why.
WITHOUT_NUMBERS = {
    "layers.Input": "computes nothing",
    "layers.InputLayer": "computes nothing",
    "layers.Layer": "–",
    "layers.Lambda": "its closure",
    "layers.Dropout": "random",
    "layers.SpatialDropout1D": "random",
    "layers.SpatialDropout2D": "random",
    "layers.SpatialDropout3D": "random",
    "layers.GaussianNoise": "random",
    "layers.GaussianDropout": "random",
    "layers.AlphaDropout": "random",
    "layers.AugMix": "its transforms",
    "layers.RandAugment": "its transforms",
    "layers.RandomColorJitter": "its transforms",
    "layers.Pipeline": "its transforms",
    "layers.MixUp": "random",
    "layers.CutMix": "random",
    "losses.Loss": "–",
    "metrics.Metric": "–",
    "metrics.MeanMetricWrapper": "–",
    "regularizers.Regularizer": "–",
    "constraints.Constraint": "–",
    "optimizers.Optimizer": "–",
    "optimizers.OptimizerMap": "–",
    "optimizers.MultiOptimizer": "–",
    "optimizers.schedules.LearningRateSchedule": "–",
}

# The cases of `regularization.json`: what they are a comparison of.
REGULARIZATION_CASES = {
    "L1": ["regularizers.L1"],
    "L2": ["regularizers.L2"],
    "L1L2": ["regularizers.L1L2"],
    "orthogonal rows": ["regularizers.OrthogonalRegularizer"],
    "orthogonal columns": ["regularizers.OrthogonalRegularizer"],
    "activity L2": ["regularizers.L2"],
    "activity layer": ["layers.ActivityRegularization"],
    "max norm": ["constraints.MaxNorm"],
    "unit norm, not negative": ["constraints.UnitNorm", "constraints.NonNeg"],
    "min max norm": ["constraints.MinMaxNorm"],
    "filters": ["regularizers.L1", "regularizers.L2", "constraints.MaxNorm"],
    "einsum": ["regularizers.L1", "regularizers.L2", "constraints.MaxNorm", "constraints.NonNeg"],
    "attention": ["regularizers.L1", "regularizers.L2", "constraints.MaxNorm", "constraints.NonNeg"],
    "embedding": ["regularizers.L1L2", "constraints.MaxNorm"],
}

STATELESS = "It is for JAX' functional style."
STEP_PARTS = "A custom training loop calls `gradients` and `apply`."
DTYPES = "All numbers are float32."
CONFIG = "`toJSON` has the architecture; a saved model has all of it."

# Methods and properties of models, and functions of `keras.models`: ours or None, and a note.
MODEL_MEMBERS = {
    "add": ("add", ""),
    "pop": ("pop", ""),
    "compile": ("compile", ""),
    "fit": ("fit", ""),
    "evaluate": ("evaluate", ""),
    "predict": ("predict", ""),
    "train_on_batch": ("trainOnBatch", ""),
    "test_on_batch": ("testOnBatch", ""),
    "predict_on_batch": ("predictOnBatch", ""),
    "summary": ("summary", ""),
    "save": ("save", ""),
    "save_weights": ("saveWeights", ""),
    "load_weights": ("loadWeights", ""),
    "get_layer": ("layer(named:)", "By its index: `model.layers[2]`."),
    "layers": ("layers", ""),
    "count_params": ("parameterCount", "Also `trainableParameterCount`."),
    "get_weights": ("parameters", ""),
    "weights": ("parameters", ""),
    "variables": ("parameters", ""),
    "trainable_weights": ("parameters", "Each says whether it is trainable."),
    "non_trainable_weights": ("parameters", "Each says whether it is trainable."),
    "trainable_variables": ("parameters", "As `trainable_weights`."),
    "non_trainable_variables": ("parameters", "As `non_trainable_weights`."),
    "set_weights": ("setWeights", "Also `setParameters`, by names."),
    "trainable": ("isTrainable", ""),
    "inputs": ("inputs", ""),
    "outputs": ("outputs", ""),
    "input": ("input", ""),
    "output": ("output", ""),
    "input_shape": ("inputShape", ""),
    "output_shape": ("outputShape", ""),
    "to_json": ("toJSON", ""),
    "from_config": ("fromJSON", ""),
    "get_config": ("toJSON", ""),
    "call": ("apply", "`model(x)` applies a model to the output of a layer; `predict` computes."),
    "metrics_names": ("MetricValues.names", "The result of `evaluate` and of each epoch has names."),
    "clone_model": ("clone", ""),
    "load_model": ("load", ""),
    "save_model": ("save", ""),
    "model_from_json": ("fromJSON", ""),
    "Model": ("Model", ""),
    "Sequential": ("Sequential", ""),
    "build": (None, "A model has its input shape from the beginning, and is built with it."),
    "build_from_config": (None, "As `build`."),
    "get_build_config": (None, "As `build`."),
    "get_compile_config": (None, CONFIG),
    "compile_from_config": (None, CONFIG),
    "get_state_tree": (None, "`parameters` has the values by names."),
    "set_state_tree": (None, "`setParameters` takes values by names."),
    "add_loss": (None, "A layer has an activity regularizer, a model several losses; a loss is a type or a closure."),
    "add_metric": (None, "Metrics are arguments of `compile`."),
    "add_weight": (None, "A layer declares its parameters in `lower`."),
    "add_variable": (None, "As `add_weight`."),
    "losses": (None, "Penalties are part of the loss that is reported."),
    "loss": (None, "An argument of `compile`."),
    "compiled_loss": (None, "An argument of `compile`."),
    "metrics": (None, "Arguments of `compile`."),
    "compiled_metrics": (None, "Arguments of `compile`."),
    "metrics_variables": (None, "A metric keeps its state itself."),
    "reset_metrics": (None, "Each call of `fit` and `evaluate` begins anew; `trainOnBatch` reports its batch."),
    "get_metrics_result": (None, "`fit` and `evaluate` return it."),
    "compute_loss": (None, STEP_PARTS),
    "compute_metrics": (None, STEP_PARTS),
    "train_step": (None, STEP_PARTS),
    "test_step": (None, STEP_PARTS),
    "predict_step": (None, STEP_PARTS),
    "make_train_function": (None, STEP_PARTS),
    "make_test_function": (None, STEP_PARTS),
    "make_predict_function": (None, STEP_PARTS),
    "stateless_call": (None, STATELESS),
    "stateless_compute_loss": (None, STATELESS),
    "run_eagerly": (None, BACKENDS),
    "jit_compile": (None, BACKENDS),
    "distribute_strategy": (None, "There is one machine."),
    "distribute_reduction_method": (None, "There is one machine."),
    "export": (None, "Other formats are issue 13."),
    "quantize": (None, QUANTIZATION),
    "quantized_build": (None, QUANTIZATION),
    "quantized_call": (None, QUANTIZATION),
    "quantization_mode": (None, QUANTIZATION),
    "get_quantization_layer_structure": (None, QUANTIZATION),
    "dtype": (None, DTYPES),
    "compute_dtype": (None, DTYPES),
    "input_dtype": (None, DTYPES),
    "variable_dtype": (None, DTYPES),
    "dtype_policy": (None, DTYPES),
    "input_spec": (None, "`inputShape`; a layer checks its inputs."),
    "compute_mask": (None, MASKS),
    "supports_masking": (None, MASKS),
    "compute_output_shape": (None, "`outputShape`; shapes are known when a model is made."),
    "compute_output_spec": (None, "`outputShape`; shapes are known when a model is made."),
    "load_own_variables": (None, "It is for layers that write files themselves; here a layer's parameters are saved by names."),
    "save_own_variables": (None, "As `load_own_variables`."),
    "path": (None, "Parameters have paths: `encoder/conv2d/kernel`."),
    "rematerialized_call": (None, "Memory is planned; nothing is computed twice."),
    "symbolic_call": (None, "Every application of a layer to another's output is symbolic."),
}

# Utilities: ours or None, and a note.
UTILITIES = {
    "to_categorical": ("`toCategorical`, `Labels.oneHot(classCount:)`", ""),
    "normalize": ("`Tensor.normalized(axis:order:)`", "As a layer: `UnitNormalization`."),
    "set_random_seed": ("`Sequential(seed:)`, `Model(seed:)`", "Each model has its own."),
    "Progbar": ("`ProgressLogger`", "A progress bar for a loop of one's own is left out."),
    "plot_model": ("`ModelDiagram(model).svg()`", ""),
    "model_to_dot": ("`ModelDiagram(model).dot`", ""),
    "split_dataset": ("`Dataset.split(validation:seed:stratified:by:)`", "Stratified, too; `fit(validationSplit:)` for validation."),
    "PyDataset": ("`Dataset`", "A protocol that gives samples one by one."),
    "get_file": ("`MNIST.load()`", "Downloads are checked, for the data sets that are known."),
    "CustomObjectScope": ("`CustomTypes`", "An argument of `load`: `customTypes: CustomTypes(layers: [Scale.self])`."),
    "get_custom_objects": ("`CustomTypes`", ""),
    "register_keras_serializable": ("`CustomTypes`", "A type has a `kind`."),
    "get_registered_name": ("`kind`", ""),
    "get_registered_object": ("`CustomTypes`", ""),
    "serialize_keras_object": ("`Codable`", ""),
    "deserialize_keras_object": ("`Codable`", ""),
    "array_to_img": ("`Bitmap`", "In `ConvNetReports`, for drawing."),
    "img_to_array": ("`Picture.tensor`", "In `ConvNetImages`."),
    "load_img": ("`Picture(contentsOf:)`", "In `ConvNetImages`; PNG and JPEG with the trait `Images`."),
    "save_img": ("`Picture.save(to:)`", "PNG files."),
    "image_dataset_from_directory": ("`ImageFolder`", "In `ConvNetImages`; PNG and JPEG with the trait `Images`."),
    "timeseries_dataset_from_array": (
        "`TimeSeriesWindows`",
        "`endIndex` may be the end of the series. `fit` makes the batches and shuffles.",
    ),
    "audio_dataset_from_directory": (None, AUDIO),
    "text_dataset_from_directory": (None, TEXT),
    "pad_sequences": (None, TEXT),
    "FeatureSpace": (None, TEXT),
    "bounding_boxes": (None, BOXES),
    "Config": (None, PYTHON),
    "clear_session": (None, "There is no session: a model frees its memory when it is no longer used."),
    "disable_interactive_logging": (None, "`verbose: .silent`."),
    "enable_interactive_logging": (None, "`verbose:`."),
    "is_interactive_logging_enabled": (None, "`verbose:`."),
    "get_source_inputs": (None, "`model.inputs`."),
    "is_keras_tensor": (None, "Types say what a value is."),
    "standardize_dtype": (None, DTYPES),
    "pack_x_y_sample_weight": (None, "Arguments of `fit`, or fields of a `TensorDataset`."),
    "unpack_x_y_sample_weight": (None, "Arguments of `fit`, or fields of a `TensorDataset`."),
    "legacy": (None, "Utilities of Keras 2."),
}

DATA_SETS = {
    "mnist": ("`MNIST`", "With a sample of 5,000 digits in the package."),
    "fashion_mnist": ("`FashionMNIST`", ""),
    "cifar10": ("`CIFAR10`", "From the binary version; images are bytes, `[height, width, channels]`."),
    "cifar100": ("`CIFAR100`", "`label_mode` is the first argument of `load`."),
    "boston_housing": (None, "`CSVTable` or `Tensor(npy:)` read tables like it; Keras itself advises against this one."),
    "california_housing": (None, "`CSVTable` or `Tensor(npy:)` read tables like it."),
    "imdb": (None, OTHER_DATA),
    "reuters": (None, OTHER_DATA),
}

# The rest of `keras`: what stands in the namespace beside the modules above.
REST = {
    "Function": ("`Model`", ""),
    "Initializer": ("`Initializer`", ""),
    "Input": ("`Input`", ""),
    "InputSpec": (None, "A layer checks its inputs in `lower`."),
    "KerasTensor": ("`LayerOutput`, `Value`", "What a layer gives in a functional model, and inside `lower`."),
    "Layer": ("`Layer`", ""),
    "Loss": ("`Loss`", ""),
    "Metric": ("`Metric`", ""),
    "Model": ("`Model`", ""),
    "Sequential": ("`Sequential`", ""),
    "Operation": ("`Operator`", ""),
    "Optimizer": ("`Optimizer`", ""),
    "Regularizer": ("`Regularizer`", ""),
    "Variable": ("`ParameterSpec`", "What a layer declares; `Model.parameters` has the values."),
    "Quantizer": (None, QUANTIZATION),
    "quantizers": (None, QUANTIZATION),
    "RematScope": (None, "Memory is planned; nothing is computed twice."),
    "remat": (None, "Memory is planned; nothing is computed twice."),
    "StatelessScope": (None, STATELESS),
    "SymbolicScope": (None, STATELESS),
    "DTypePolicy": (None, DTYPES),
    "FloatDTypePolicy": (None, DTYPES),
    "dtype_policies": (None, DTYPES),
    "mixed_precision": (None, DTYPES),
    "backend": (None, BACKENDS),
    "config": (None, BACKENDS + " `ComputeOptions` has the number of threads."),
    "device": (None, BACKENDS),
    "name_scope": (None, "A nested model has a name, which its parameters' names begin with."),
    "distribution": (None, "There is one machine."),
    "distillation": (None, "Left out; a custom training loop can do it."),
    "export": (None, "Other formats are issue 13."),
    "saving": ("`save`, `load`, `CustomTypes`", KERAS_FILES),
    "legacy": (None, "Keras 2."),
    "ops": ("operators in `lower`, `Tensor` arithmetic", "Those that layers need; operators of one's own are possible."),
    "random": ("`RandomStream`", "Normal, uniform and integer numbers."),
    "preprocessing": (None, "Images and sequences of Keras 2; see Utilities."),
    "tree": (None, PYTHON),
    "version": (None, PYTHON),
    "visualization": ("`ConvNetReports`", "Image grids, curves, confusion matrices; no boxes and masks."),
    "wrappers": (None, "They are for scikit-learn."),
}
